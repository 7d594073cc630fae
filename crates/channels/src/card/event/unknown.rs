//! Card of an unknown type: every fact, unchanged.

use serde_json::Value;

use super::CardContent;
use crate::card::Section;
use crate::card::body::ParsedBody;
use domain::words::time;

pub(super) fn content(body: &ParsedBody) -> CardContent {
    let subject = if body.subject.trim().is_empty() { &body.kind } else { &body.subject };
    let next = "This event is newer than the program that sent it. Look for it in the documentation.";
    CardContent::new(&readable(&body.kind), format!("It is about {subject}."), rows(body), next.to_owned())
}

/// Adds every fact under its own name.
pub(super) fn rows(body: &ParsedBody) -> Section {
    let mut rows = Section::default();
    for (name, value) in &body.facts {
        let value = match value {
            Value::String(text) => time(text, &body.zone),
            other => other.to_string(),
        };
        rows.add(&readable(name), Some(value));
    }
    rows
}

/// Turns a name into words: `newest_record` becomes "Newest record".
pub(super) fn readable(name: &str) -> String {
    let words = name.replace(['_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
