//! A row in the wire format.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Keys and properties. Texts and small numbers are plain JSON; a 64-bit number is a text beside its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::tables) struct Row {
    #[serde(rename = "PartitionKey")]
    pub(in crate::tables) partition: String,
    #[serde(rename = "RowKey")]
    pub(in crate::tables) row: String,
    #[serde(flatten)]
    pub(in crate::tables) properties: Map<String, Value>,
}

impl Row {
    /// Creates a row without properties.
    pub(in crate::tables) fn new(partition: impl Into<String>, row: impl Into<String>) -> Self {
        Self { partition: partition.into(), row: row.into(), properties: Map::new() }
    }

    /// Adds a text property.
    pub(in crate::tables) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.properties.insert(name.to_owned(), Value::String(value.into()));
        self
    }

    /// Adds a 64-bit integer property.
    pub(in crate::tables) fn number(mut self, name: &str, value: i64) -> Self {
        self.properties.insert(format!("{name}@odata.type"), Value::String("Edm.Int64".to_owned()));
        self.text(name, value.to_string())
    }

    /// Text of a property, or `None` if it is absent or no text.
    pub(in crate::tables) fn get(&self, name: &str) -> Option<&str> {
        self.properties.get(name).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn a_64_bit_number_travels_as_text_beside_its_type() {
        let row = Row::new("p", "r").text("name", "vm-user").number("due_at", i64::MAX);
        assert_eq!(
            serde_json::to_string(&row).unwrap(),
            r#"{"PartitionKey":"p","RowKey":"r","due_at":"9223372036854775807","due_at@odata.type":"Edm.Int64","name":"vm-user"}"#
        );
    }

    #[test]
    fn properties_added_by_the_service_are_ignored() {
        let row: Row =
            serde_json::from_str(r#"{"PartitionKey":"p","RowKey":"r","Timestamp":"2026-03-02T09:12:44Z","n":"1"}"#)
                .unwrap();
        assert_eq!((row.get("n"), row.get("absent")), (Some("1"), None));
    }
}
