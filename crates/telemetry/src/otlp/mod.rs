//! OTLP in its JSON form: ids in hexadecimal, 64-bit numbers as texts, enumerations as numbers.

mod metrics;
mod traces;

pub(crate) use metrics::metrics;
use serde::Serialize;
pub(crate) use traces::traces;

use crate::Resource;
use crate::names;
use crate::span::Value;

/// Name and version of the instrumentation.
#[derive(Serialize)]
struct Scope {
    name: &'static str,
    version: &'static str,
}

impl Scope {
    fn from_resource(resource: &Resource) -> Self {
        Self { name: "bastion-archivist", version: resource.version }
    }
}

#[derive(Serialize)]
struct Attributes<'a> {
    attributes: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    key: &'a str,
    value: AnyValue<'a>,
}

#[derive(Serialize)]
enum AnyValue<'a> {
    #[serde(rename = "stringValue")]
    Text(&'a str),
    #[serde(rename = "intValue")]
    Number(String),
    #[serde(rename = "boolValue")]
    Flag(bool),
}

impl<'a> Attribute<'a> {
    fn text(key: &'a str, text: &'a str) -> Self {
        Self { key, value: AnyValue::Text(text) }
    }

    fn new(key: &'a str, value: &'a Value) -> Self {
        let value = match value {
            Value::Text(text) => AnyValue::Text(text),
            Value::Number(number) => AnyValue::Number(number.to_string()),
            Value::Flag(flag) => AnyValue::Flag(*flag),
        };
        Self { key, value }
    }
}

fn attributes_of(resource: &Resource) -> Attributes<'_> {
    let mut attributes = vec![
        Attribute::text(names::SERVICE_NAME, &resource.service),
        Attribute::text(names::SERVICE_VERSION, resource.version),
    ];
    if resource.app.is_some() {
        attributes.push(Attribute::text(names::CLOUD_PROVIDER, "azure"));
        attributes.push(Attribute::text(names::CLOUD_PLATFORM, "azure.functions"));
    }
    Attributes { attributes }
}

/// Keys are texts and numbers are integers or finite sums, so serialization cannot fail.
fn written(form: &impl Serialize) -> String {
    serde_json::to_string(form).unwrap_or_else(|_| "{}".to_owned())
}
