//! The JSON Schema of the file.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::document::{Document, RetentionDocument};

/// The JSON Schema of archivist.yaml, as it stands in `archivist.schema.json`.
pub fn schema() -> String {
    format!("{:#}\n", as_value())
}

/// The JSON Schema of the section `retention` alone.
pub fn retention_schema() -> String {
    format!("{:#}\n", of::<RetentionDocument>())
}

/// The schema for the check that follows it.
pub(crate) fn as_value() -> Value {
    of::<Document>()
}

/// The schema of any type of ours.
pub(crate) fn of<T: JsonSchema>() -> Value {
    generator().into_root_schema_for::<T>().to_value()
}

fn generator() -> SchemaGenerator {
    SchemaGenerator::new(SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null_default)))
}

/// A key that may be left out has no default to show; `null` is not a value that the file may hold.
fn without_null_default(schema: &mut Schema) {
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
}
