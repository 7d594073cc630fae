//! Tests that untrusted text in names stays text.

use channels::{slack, teams};
use domain::record::notification::{Event, FactValue, NotificationFact};
use proptest::prelude::*;
use serde_json::Value;

use crate::samples::{PAGE, frozen};

/// Generates text with markup of any kind between arbitrary characters.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<at>Ada</at>",
        "<!channel>",
        "<!here|x>",
        "<@U123>",
        "<https://evil.example|x>",
        "[x](https://evil.example)",
        "![x](https://evil.example/p.png)",
        "https://evil.example",
        "www.evil.example",
        "@channel",
        "**b**",
        "_i_",
        "~s~",
        "`c`",
        "# h",
        "- l",
        "1. l",
        "> q",
        "&lt;!channel&gt;",
        "{{DATE(2026-03-02T09:12:44Z,SHORT)}}",
        "${x}",
        "\"}]}",
        "\",\"type\":\"actions\"",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{0}",
        "\u{1b}[2J",
        "\n\n# h\n",
        "\r\n- l",
        "|-|",
        "日本語",
        "👩‍👩‍👧",
        "\\",
        "\\*",
        ":boom:",
        "<script>",
        "&",
    ]);
    let any = prop_oneof![3 => pieces.prop_map(str::to_owned), 1 => any::<String>(), 1 => "\\PC{0,12}"];
    prop::collection::vec(any, 0..6).prop_map(|pieces| pieces.concat())
}

/// Generates a body of any event with hostile text in every place.
fn body() -> impl Strategy<Value = String> {
    let names = [
        "recording", "bastion", "person", "user_name", "machine", "client_ip", "protocol", "started_at", "class",
        "rule", "retain_until", "delete_after", "then", "case", "goes_at", "deleted_at", "deleted_by", "policy",
        "approved_by", "api", "request_id", "find_caller_with", "missing_since", "withdraws", "sha256", "hold",
        "reason", "scope", "by", "verified", "cause", "counted_by", "client", "target", "newest_recording",
        "newest_record", "plan", "approve_with", "quarantine", "channel", "since", "warning",
    ];
    let facts = prop::collection::vec((prop::sample::select(names.to_vec()), hostile()), 0..40);
    let kind = prop_oneof![
        4 => prop::sample::select(Event::ALL.to_vec()).prop_map(|event| event.name().to_owned()),
        1 => Just("channel.disabled".to_owned()),
        1 => hostile(),
    ];
    let link = prop::option::of(prop_oneof![hostile(), hostile().prop_map(|text| format!("https://a.example/{text}"))]);
    (kind, hostile(), facts, (hostile(), hostile()), link).prop_map(|(kind, subject, facts, odd, link)| {
        let mut facts: Vec<NotificationFact> =
            facts.into_iter().map(|(name, value)| NotificationFact::text(name, value)).collect();
        facts.push(NotificationFact { name: odd.0, value: FactValue::Text(odd.1) });
        let event = Event::parse(&kind).unwrap_or(Event::RecordingReady);
        let frozen = frozen(event, &subject, facts, link.as_deref());
        let kind = serde_json::to_string(&kind).unwrap();
        frozen.replacen("\"recording.ready\"", &kind, 1)
    })
}

/// Generates a digest with hostile text.
fn digest() -> impl Strategy<Value = String> {
    let line = (hostile(), hostile(), hostile()).prop_map(|(kind, subject, timestamp)| {
        serde_json::json!({"type": kind, "severity": "info", "subject": subject, "timestamp": timestamp, "id": "ntf_1"})
    });
    let counts = prop::collection::btree_map(hostile(), 0u64.., 0..30);
    let going = (hostile(), hostile(), hostile(), hostile(), hostile()).prop_map(|(name, person, bastion, goes_at, then)| {
        serde_json::json!({"name": name, "person": person, "bastion": bastion, "goes_at": goes_at, "then": then})
    });
    let class = (hostile(), 0u64.., prop::collection::vec(going, 0..12)).prop_map(
        |(class, total, recordings)| serde_json::json!({"class": class, "total": total, "recordings": recordings}),
    );
    let classes = prop::collection::vec(class, 0..10);
    (prop::collection::vec(line, 0..25), counts, 0u64.., classes).prop_map(|(lines, counts, total, classes)| {
        let facts = serde_json::json!({"total": total, "by_event": counts, "lines": lines, "expiring": classes});
        let data = serde_json::json!({"version": 1, "id": "ntf_1", "severity": "info", "subject": "", "facts": facts});
        serde_json::json!({"type": "channel.digest", "timestamp": "2026-03-02T09:12:44Z", "data": data}).to_string()
    })
}

/// Collects every text under these keys, at any depth.
fn texts<'a>(message: &'a Value, keys: &[&str], found: &mut Vec<&'a str>) {
    match message {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if keys.contains(&key.as_str()) => found.push(text),
                    other => texts(other, keys, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, keys, found)),
        _ => {}
    }
}

fn all_texts<'a>(message: &'a Value, keys: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    texts(message, keys, &mut found);
    found
}

/// Returns true if every Markdown character is escaped by its own backslash.
fn is_escaped(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none_or(|next| !next.is_ascii_punctuation()) => return false,
            '*' | '_' | '[' | ']' | '(' | ')' | '{' | '}' | '<' | '>' | '`' | '#' | '~' | '&' | '|' => return false,
            _ => {}
        }
    }
    let first = text.split(' ').next().unwrap_or_default();
    let is_number = first.len() > 1 && first.strip_suffix('.').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    !is_number && !["-", "+"].contains(&first) && !first.starts_with("--")
}

fn is_seen(text: &str) -> bool {
    let unseen = |c: char| {
        c.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
            || c == '\u{feff}'
    };
    !text.contains(unseen)
}

fn has_link(text: &str) -> bool {
    text.contains("://") || text.to_lowercase().contains("www.")
}

/// Returns the types of the card's top-level elements and actions, in order.
fn parts(message: &Value) -> Vec<&str> {
    let content = &message["attachments"][0]["content"];
    let body = content["body"].as_array().unwrap();
    let actions = content["actions"].as_array();
    body.iter().chain(actions.into_iter().flatten()).map(|part| part["type"].as_str().unwrap()).collect()
}

fn check_teams(message: &str) -> Result<(), TestCaseError> {
    prop_assert!(message.len() <= teams::LARGEST_MESSAGE, "{} bytes", message.len());
    let message: Value = serde_json::from_str(message).unwrap();
    for text in all_texts(&message, &["text", "value", "title"]) {
        prop_assert!(is_escaped(text) && is_seen(text) && !has_link(text), "{text:?}");
        prop_assert!(!text.contains("<at>") && !text.contains("{{"), "{text:?}");
    }
    prop_assert_eq!(message["attachments"].as_array().unwrap().len(), 1);
    let parts = parts(&message);
    let known = ["TextBlock", "FactSet", "Container", "Action.OpenUrl", "Action.ToggleVisibility"];
    prop_assert!(parts.iter().all(|part| known.contains(part)), "{parts:?}");
    prop_assert!(parts.len() <= 30, "{parts:?}");
    check_urls(&message)
}

fn check_slack(message: &str) -> Result<(), TestCaseError> {
    let message: Value = serde_json::from_str(message).unwrap();
    let problems = crate::limits::problems(&message);
    prop_assert!(problems.is_empty(), "{problems:?}");
    let mut texts = Vec::new();
    text_objects(&message["blocks"], &mut texts);
    for text in texts {
        let said = text["text"].as_str().unwrap();
        match text["type"].as_str() {
            Some("plain_text") => prop_assert_eq!(&text["emoji"], false),
            _ => {
                let label = said.strip_prefix('*').and_then(|said| said.strip_suffix('*')).unwrap();
                prop_assert!(label.chars().all(|c| c.is_ascii_alphanumeric() || " -…".contains(c)), "{said:?}");
                prop_assert_eq!(&text["verbatim"], true);
            }
        }
        let lines = if said.starts_with("More\n") {
            said.replace('\n', " ")
        } else {
            said.to_owned()
        };
        prop_assert!(is_seen(&lines) && !has_link(said) && !said.contains(['<', '>']), "{said:?}");
    }
    let fallback = message["text"].as_str().unwrap();
    prop_assert!(is_seen(fallback) && !has_link(fallback) && !fallback.contains(['<', '>']), "{fallback:?}");
    let calls =
        fallback.match_indices('@').any(|(at, _)| !fallback[..at].ends_with(|c: char| c.is_ascii_alphanumeric()));
    prop_assert!(!calls, "{fallback:?}");
    let blocks = message["blocks"].as_array().unwrap();
    let of = |kind: &str| blocks.iter().filter(|block| block["type"] == kind).count();
    prop_assert!(of("header") == 1 && of("actions") <= 1 && of("context") <= 12, "{blocks:?}");
    prop_assert_eq!(&message["parse"], "none");
    prop_assert_eq!(&message["link_names"], false);
    check_urls(&message)
}

fn text_objects<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) if map.get("type").is_some_and(|kind| kind == "plain_text" || kind == "mrkdwn") => {
            found.push(value);
        }
        Value::Object(map) => map.values().for_each(|value| text_objects(value, found)),
        Value::Array(values) => values.iter().for_each(|value| text_objects(value, found)),
        _ => {}
    }
}

fn check_urls(message: &Value) -> Result<(), TestCaseError> {
    for url in all_texts(message, &["url"]) {
        prop_assert!(url.starts_with(PAGE) || url.starts_with("https://") || url.starts_with("http://localhost"));
        prop_assert!(url.len() <= 2000 && !url.contains(|c: char| c.is_control() || " <>\"".contains(c)), "{url:?}");
    }
    Ok(())
}

#[test]
fn an_invisible_letter_appears_in_no_label() {
    let facts = serde_json::json!({"total": 2, "by_event": {"\u{3164}": 1, "recording\u{3164}.seen": 1}, "lines": []});
    let data = serde_json::json!({"version": 1, "id": "ntf_1", "severity": "info", "subject": "", "facts": facts});
    let body = serde_json::json!({"type": "channel.digest", "timestamp": "2026-03-02T09:12:44Z", "data": data});
    let message = slack::preview(&body.to_string(), None).unwrap();
    assert!(message.contains("*Recording seen*") && !message.contains('\u{3164}'), "{message}");
}

proptest! {
    #[test]
    fn no_text_of_a_body_is_interpreted_in_teams(body in body()) {
        check_teams(&teams::preview(&body, Some(PAGE)).unwrap())?;
    }

    #[test]
    fn no_text_of_a_body_is_interpreted_in_slack(body in body()) {
        check_slack(&slack::preview(&body, Some(PAGE)).unwrap())?;
    }

    #[test]
    fn no_text_of_a_digest_is_interpreted(body in digest()) {
        check_teams(&teams::preview(&body, None).unwrap())?;
        check_slack(&slack::preview(&body, None).unwrap())?;
    }

    #[test]
    fn a_message_of_any_size_is_within_the_limits(
        piece in hostile(), times in 1usize..500, names in prop::collection::vec("[a-z_]{1,80}", 0..60), event in 0..20usize,
    ) {
        let huge = piece.repeat(times);
        let kind = Event::ALL.get(event).map_or("odd", |event| event.name());
        let facts: serde_json::Map<String, Value> =
            names.into_iter().chain(["person".into(), "machine".into(), "reason".into()]).map(|name| (name, huge.clone().into())).collect();
        let link = format!("https://a.example/{huge}");
        let data = serde_json::json!({"version": 1, "id": huge, "severity": "info", "subject": huge, "facts": facts, "link": link});
        let body = serde_json::json!({"type": kind, "timestamp": huge, "data": data}).to_string();
        check_teams(&teams::preview(&body, Some(PAGE)).unwrap())?;
        check_slack(&slack::preview(&body, Some(PAGE)).unwrap())?;
    }
}
