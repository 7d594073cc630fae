//! Shows the output of the handlers and finds notifications in it.

use std::sync::Arc;

use domain::address::Printable;
use host_stand_in::{Console, ConsoleLevel};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::expected::ExpectedNotifications;
use crate::say;

/// Shows each line, and reports each notification of the stub channel to `expected`.
pub fn console(expected: Arc<ExpectedNotifications>) -> Console {
    Arc::new(move |level, line| {
        if let Some((event, subject, at)) = notification(line) {
            expected.came(&event, &subject, at);
        }
        say(&shown(level, line));
    })
}

/// Formats a JSON log line for people; returns any other line unchanged.
fn shown(level: ConsoleLevel, line: &str) -> String {
    let Ok(mut record) = serde_json::from_str::<Map<String, Value>>(line) else {
        return format!("{level:?}: {}", Printable(line));
    };
    let mut take = |name: &str| record.remove(name).map(|value| text(&value)).unwrap_or_default();
    let (time, severity, message) = (take("timestamp"), take("level"), take("message"));
    take("target");
    let span = record.remove("span").and_then(|span| Some(span.get("name")?.as_str()?.to_owned())).unwrap_or_default();
    let fields: String = record.iter().map(|(name, value)| format!(" {name}={}", text(value))).collect();
    // Time of day in an ISO time.
    let time = time.get(11..19).unwrap_or_default();
    Printable(&format!("{time} {severity:5} {span:21} {message}{fields}")).to_string()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Parses event, subject and time of a notification shown by the stub channel.
fn notification(line: &str) -> Option<(String, String, Timestamp)> {
    let record: Value = serde_json::from_str(line).ok()?;
    let mut parts = record["notification"].as_str()?.splitn(3, ' ');
    let (event, body) = (parts.next()?, parts.nth(1)?);
    let body: Value = serde_json::from_str(body).ok()?;
    let at = body["timestamp"].as_str()?.parse().ok()?;
    Some((event.to_owned(), body["data"]["subject"].as_str()?.to_owned(), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"timestamp":"2026-03-02T06:00:00.5Z","level":"INFO","message":"notification shown",
        "notification":"recording.ready msg_1 {\"timestamp\":\"1970-01-01T00:00:00Z\",\"data\":{\"subject\":\"b\"}}","target":"x","span":{"name":"f"}}"#;

    #[test]
    fn a_notification_is_found_in_its_line() {
        assert_eq!(notification(LINE), Some(("recording.ready".to_owned(), "b".to_owned(), Timestamp::UNIX_EPOCH)));
        assert_eq!(notification("plain"), None);
    }

    #[test]
    fn a_line_is_shown_as_a_person_reads_it() {
        assert!(shown(ConsoleLevel::Information, LINE).starts_with("06:00:00 INFO  f "));
        assert_eq!(shown(ConsoleLevel::Error, "out\u{1b}"), "Error: out\\u{1b}");
    }
}
