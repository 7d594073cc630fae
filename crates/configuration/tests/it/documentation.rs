//! Checks the documentation: its example is valid, and it describes every key.

use crate::read;

const PAGE: &str = include_str!("../../../../docs/configuration.md");

#[test]
fn the_example_of_the_documentation_is_read_without_a_problem() {
    let (_, from_example) = PAGE.split_once("```yaml\n").unwrap();
    let (example, _) = from_example.split_once("```").unwrap();
    read(example).unwrap();
}

#[test]
fn every_key_of_the_schema_is_documented() {
    let schema: serde_json::Value = serde_json::from_str(&configuration::schema()).unwrap();
    let mut keys = Vec::new();
    collect(&schema, &mut keys);
    assert!(keys.len() > 10, "{keys:?}");
    for key in keys {
        assert!(PAGE.contains(&format!("`{key}`")), "{key} is not described");
    }
}

fn collect(schema: &serde_json::Value, keys: &mut Vec<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        keys.extend(properties.keys().cloned());
    }
    let parts: Vec<&serde_json::Value> = match schema {
        serde_json::Value::Object(members) => members.values().collect(),
        serde_json::Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    for part in parts {
        collect(part, keys);
    }
}
