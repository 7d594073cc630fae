//! Tests the fields of a record in all their spellings.

use audit_log::{AuditRecord, Length, Moment, RECORD_LIMIT};

use crate::reading::{records, whole};

fn record(log: &str) -> AuditRecord<'static> {
    let (found, rest) = whole(log.as_bytes(), RECORD_LIMIT);
    assert_eq!(rest, None);
    let [record] = records(&found).try_into().unwrap_or_else(|_| panic!("{found:?}"));
    record
}

const PLAIN: &str = r#"{"time":"2025-11-05T09:12:44.210Z","resourceId":"/B","operationName":"o","category":"BastionAuditLogs",
 "properties":{"userName":"u","userAgent":"a","clientIpAddress":"203.0.113.20","clientPort":51234,"protocol":"rdp",
 "targetResourceId":"/T","message":"m","resourceType":"VM","targetVMIPAddress":"10.1.2.4","userEmail":"e@x","tunnelId":"t",
 "sessionStartTime":"2025-11-05T09:12:44Z","sessionEndTime":"2025-11-05T09:21:09.5Z","duration":505290}}"#;

#[test]
fn every_documented_field_is_read() {
    let at = |text: &str| Some(Moment::At(text.parse().unwrap()));
    let text = |text: &'static str| Some(text.into());
    let expected = AuditRecord {
        time: at("2025-11-05T09:12:44.210Z"),
        resource_id: text("/B"),
        operation_name: text("o"),
        message: text("m"),
        user_name: text("u"),
        user_email: text("e@x"),
        client_ip: text("203.0.113.20"),
        client_port: Some(51234),
        protocol: text("rdp"),
        target_resource_id: text("/T"),
        target_ip: text("10.1.2.4"),
        resource_type: text("VM"),
        tunnel_id: text("t"),
        user_agent: text("a"),
        session_start: at("2025-11-05T09:12:44Z"),
        session_end: at("2025-11-05T09:21:09.5Z"),
        duration: Length::read("505290".into()),
    };
    assert_eq!(record(PLAIN), expected);
}

#[test]
fn other_spellings_and_layouts_give_the_same_record() {
    let expected = record(PLAIN);
    let upper: String = PLAIN.split('"').enumerate().fold(String::new(), |log, (number, part)| {
        let is_name = PLAIN.split('"').nth(number + 1).is_some_and(|next| next.starts_with(':'));
        let part = if is_name { part.to_ascii_uppercase() } else { part.to_owned() };
        if number == 0 { part } else { format!("{log}\"{part}") }
    });
    assert!(upper.contains("\"TARGETVMIPADDRESS\":\"10.1.2.4\""), "{upper}");
    assert_eq!(record(&upper), expected);

    let escaped = PLAIN.replace("\"userName\":\"u\"", r#""\u0075serName":"\u0075""#);
    assert_eq!(record(&escaped), expected);

    let flat = PLAIN.replace("\"properties\":{", "").replace("}}", "}");
    assert_eq!(record(&flat), expected);

    let object: serde_json::Value = serde_json::from_str(PLAIN).unwrap();
    let mut written = object.clone();
    written["properties"] = object["properties"].to_string().into();
    assert_eq!(record(&written.to_string()), expected);
    assert_eq!(record(&serde_json::to_string_pretty(&object).unwrap()), expected);
}

#[test]
fn a_record_is_read_independently_of_earlier_key_orders() {
    let members = [
        r#""userName":"u""#,
        r#""userEmail":"e@x""#,
        r#""tunnelId":"t""#,
        r#""userAgent":"a""#,
        r#""message":"m""#,
        r#""userNames":"others""#,
        r#""user_name":"less""#,
        r#""clientPort":51234"#,
        r#""\u0070rotocol":"rdp""#,
    ];
    let lines = (0..40).map(|number: usize| {
        let mut members = members;
        members.rotate_left(number % 9);
        members.swap(number % 5, number % 7);
        let (within, time) = (members.join(","), r#""time":"2025-11-05T09:12:44.210Z""#);
        match number % 3 {
            0 => format!(r#"{{{time},"properties":{{{within}}}}}"#),
            1 => format!(r#"{{ "properties" : {{ {within} }} , {time} }}"#),
            _ => format!("{{{within},{time}}}"),
        }
    });
    let lines: Vec<String> = lines.collect();
    let alone: Vec<AuditRecord<'static>> = lines.iter().map(|line| record(line)).collect();
    let (found, rest) = whole(lines.join("\n").as_bytes(), RECORD_LIMIT);
    assert_eq!((records(&found), rest), (alone, None));
}

#[test]
fn envelope_fields_count_outside_and_others_inside_properties() {
    let within = r#""properties":{"time":"2025-01-01","message":"within","tunnelId":""}"#;
    let beside = r#""time":"2025-02-02","message":"beside","tunnelId":"beside""#;
    for log in [format!("{{{within},{beside}}}"), format!("{{{beside},{within}}}")] {
        let record = record(&log);
        assert_eq!(record.message.as_deref(), Some("within"));
        assert_eq!(record.tunnel_id.as_deref(), Some("beside"), "an empty value does not count");
        assert_eq!(record.time.unwrap().known().unwrap().to_string(), "2025-02-02T00:00:00Z");
    }
}

#[test]
fn the_first_duplicate_key_counts_and_a_missing_time_is_replaced() {
    let record = record(r#"{"TimeGenerated":"2025-01-01","message":null,"message":"first","message":"second"}"#);
    assert_eq!(record.message.as_deref(), Some("first"));
    assert_eq!(record.time.unwrap().known().unwrap().to_string(), "2025-01-01T00:00:00Z");
}

#[test]
fn odd_values_are_kept_verbatim_and_empty_ones_dropped() {
    let log = r#"{"time":"soon","properties":{"duration":"long","sessionEndTime":"0001-01-01T00:00:00","userEmail":"",
        "clientPort":"70000","userName":7,"protocol":["rdp"],"sessionStartTime":null}}"#;
    let record = record(log);
    assert_eq!((record.time, record.duration), (Some(Moment::Odd("soon".into())), Some(Length::Odd("long".into()))));
    assert_eq!((record.session_end, record.user_email, record.client_port), (None, None, None));
    assert_eq!((record.user_name.as_deref(), record.protocol, record.session_start), (Some("7"), None, None));
}
