//! The JSON Schema of the file.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use crate::document::Document;

/// The JSON Schema of archivist.yaml, as it stands in `archivist.schema.json`.
pub fn schema() -> String {
    format!("{:#}\n", as_value())
}

/// The schema for the check that follows it.
pub(crate) fn as_value() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null_default));
    SchemaGenerator::new(settings).into_root_schema_for::<Document>().to_value()
}

/// A key that may be left out has no default to show; `null` is not a value that the file may hold.
fn without_null_default(schema: &mut Schema) {
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
}
