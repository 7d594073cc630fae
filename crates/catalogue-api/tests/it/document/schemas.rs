//! JSON schemas of the response types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

const PLACE: &str = "#/components/schemas/";

/// Schema generator with named definitions.
pub struct Schemas(SchemaGenerator);

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        Self(settings.with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator())
    }
}

impl Schemas {
    /// Returns a reference to the schema of `T`.
    pub fn reference<T: JsonSchema>(&mut self) -> Value {
        outside(self.0.subschema_for::<T>().to_value())
    }

    /// Returns the definitions of all referenced types.
    pub fn named(mut self) -> Value {
        let named = self.0.take_definitions(true);
        let named = named.into_iter().map(|(name, schema)| (outside_name(&name).to_owned(), outside(schema)));
        Value::Object(named.collect())
    }
}

/// Removes the suffix `View` of the Rust types; the document does not show it.
fn outside_name(name: &str) -> &str {
    name.strip_suffix("View").unwrap_or(name)
}

fn outside(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| match value {
                Value::String(reference) if name == "$ref" => {
                    let place = reference.strip_prefix(PLACE).unwrap();
                    (name, json!(format!("{PLACE}{}", outside_name(place))))
                }
                value => (name, outside(value)),
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(outside).collect()),
        other => other,
    }
}
