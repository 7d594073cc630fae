//! Remedies derived from the schema.

use serde_json::{Map, Value};

/// Remedy for a missing key: the example from its schema, its only value, or the bare key.
pub fn for_missing(key: &str, schema: &Value) -> String {
    match (schema.get("const"), &schema["examples"][0]) {
        (Some(only), _) => format!("add {key}: {only}"),
        (None, Value::Null) => format!("add {key}"),
        (None, Value::String(example)) => format!("add {key}, as in {key}: {example}"),
        (None, example) => format!("add {key}, as in {key}: {example}"),
    }
}

/// Remedy for an unknown key: the nearest known key, or all of them if no key is near.
pub fn for_unknown(key: &str, known: &Map<String, Value>) -> String {
    let nearest = known.keys().map(|known| (strsim::damerau_levenshtein(&key.to_lowercase(), known), known)).min();
    match nearest {
        Some((distance, nearest)) if distance * 3 <= nearest.len().max(6) => {
            format!("did you mean {nearest}? Otherwise remove it")
        }
        _ => {
            format!("remove it; the keys here are {}", known.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
    }
}

/// JSON Schema type in words.
pub fn in_words(name: &str) -> &str {
    match name {
        "object" => "a mapping (key: value)",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "boolean" => "true or false",
        other => other,
    }
}
