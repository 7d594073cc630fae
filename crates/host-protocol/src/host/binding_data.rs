//! `Metadata` of a queue message.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// Encodes a text or number as the host does: JSON text inside a JSON string.
pub(crate) fn in_quotes(value: &Value) -> Value {
    Value::String(value.to_string())
}

/// Merges the top-level members of a message that is a JSON object into the metadata.
///
/// Names match case-insensitively and the message wins, so a message controls the values of `Id` or `sys`.
pub(crate) fn merge_members(metadata: &mut Map<String, Value>, message: &str) {
    let Ok(Value::Object(members)) = serde_json::from_str(message) else { return };
    for (name, value) in members {
        let Some(value) = merged(value) else { continue };
        let own = metadata.keys().find(|own| own.eq_ignore_ascii_case(&name)).cloned();
        metadata.insert(own.unwrap_or(name), value);
    }
}

/// Objects stay objects, scalars become quoted strings, arrays and nulls are dropped.
fn merged(value: Value) -> Option<Value> {
    match value {
        Value::Null | Value::Array(_) => None,
        Value::Object(_) => Some(value),
        Value::Bool(value) => Some(in_quotes(&(if value { "True" } else { "False" }).into())),
        Value::Number(number) => Some(in_quotes(&number.to_string().into())),
        Value::String(text) => Some(in_quotes(&invariant_date(&text).unwrap_or(text).into())),
    }
}

/// Reformats a date as the host does, which loses its format and its fraction.
fn invariant_date(text: &str) -> Option<String> {
    let at: Timestamp = text.parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).strftime("%m/%d/%Y %H:%M:%S").to_string())
}
