//! JSON Schema of the file.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::document::{Document, RetentionDocument};

/// Returns the JSON Schema of archivist.yaml, as stored in `archivist.schema.json`.
pub fn schema() -> String {
    format!("{:#}\n", as_value())
}

/// Returns the JSON Schema of the section `retention`.
pub fn retention_schema() -> String {
    format!("{:#}\n", for_type::<RetentionDocument>())
}

/// Returns the schema for the structure check.
pub(crate) fn as_value() -> Value {
    for_type::<Document>()
}

/// Returns the schema of any document type.
pub(crate) fn for_type<T: JsonSchema>() -> Value {
    generator().into_root_schema_for::<T>().to_value()
}

fn generator() -> SchemaGenerator {
    SchemaGenerator::new(SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null_default)))
}

/// Removes `null` defaults of optional keys, because the file must not contain `null`.
fn without_null_default(schema: &mut Schema) {
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
}
