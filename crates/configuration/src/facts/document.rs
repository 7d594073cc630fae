//! Files with facts and assertions, as written.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::document::Bytes;

/// Facts of a recording; omitted facts are unknown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "facts of a recording", rename = "facts")]
pub struct FactsDocument {
    /// The person of the session.
    #[serde(default)]
    #[schemars(with = "String")]
    pub person: Option<String>,
    /// The account on the target.
    #[serde(default)]
    #[schemars(with = "String")]
    pub account: Option<String>,
    /// The machine.
    #[serde(default)]
    #[schemars(with = "String")]
    pub machine: Option<String>,
    /// The machine's resource group.
    #[serde(default)]
    #[schemars(with = "String")]
    pub resource_group: Option<String>,
    /// The machine's subscription.
    #[serde(default)]
    #[schemars(with = "String")]
    pub subscription: Option<String>,
    /// The bastion.
    #[serde(default)]
    #[schemars(with = "String")]
    pub bastion: Option<String>,
    /// The container.
    #[serde(default)]
    #[schemars(with = "String")]
    pub container: Option<String>,
    /// The recording's name.
    #[serde(default)]
    #[schemars(with = "String")]
    pub name: Option<String>,
    /// `ssh` or `rdp`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub protocol: Option<String>,
    /// The match of the recording.
    #[serde(default, rename = "match")]
    #[schemars(with = "String", extend("format" = "match"))]
    pub matching: Option<String>,
    /// The outcome of its review; by default none.
    #[serde(default, rename = "review.outcome")]
    #[schemars(with = "String", extend("format" = "review-outcome", "default" = "none"))]
    pub review_outcome: Option<String>,
    /// All tags, each with its value; `{}` if there are none.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub tags: Option<BTreeMap<String, String>>,
    /// The person's address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "address"))]
    pub client_ip: Option<String>,
    /// The machine's private address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "address"))]
    pub target_ip: Option<String>,
    /// The duration of the recording; by default from `created` to `ended`.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration"))]
    pub duration: Option<String>,
    /// The size of the recording in bytes.
    #[serde(default)]
    #[schemars(with = "Bytes")]
    pub size: Option<Bytes>,
    /// The start of the session; by default `created`.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub started: Option<String>,
    /// The creation time of the recording.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub created: Option<String>,
    /// The end of the session, or the last write of the recording.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub ended: Option<String>,
    /// The class assigned by a person.
    #[serde(default)]
    #[schemars(with = "String")]
    pub class: Option<String>,
}

/// Remedy for a file without assertions.
const EMPTY: &str =
    "write at least one test with name, facts and expect; `archivist policy test --help` has an example";

/// A file of assertions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "assertions about a retention policy")]
pub struct AssertionsDocument {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    #[expect(dead_code, reason = "checked by the schema; there is no choice yet")]
    version: i64,
    /// The assertions.
    #[schemars(
        length(min = 1),
        extend("examples" = [[{ "name": "standard", "facts": {}, "expect": {} }]], "x-empty" = EMPTY)
    )]
    pub tests: Vec<AssertionDocument>,
}

/// An assertion about the retention of a recording.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "assertion")]
pub struct AssertionDocument {
    /// The name of the assertion.
    pub name: String,
    /// The recording.
    #[schemars(extend("examples" = [{ "machine": "vm-1", "ended": "2026-03-02T09:40:02Z" }]))]
    pub facts: FactsDocument,
    /// The expected retention.
    #[schemars(extend("examples" = [{ "class": "standard" }]))]
    pub expect: ExpectationDocument,
}

/// The expected retention of a recording. Omitted values are not compared, except `unknown`, which is empty
/// by default.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "expectation")]
pub struct ExpectationDocument {
    /// The class.
    #[serde(default)]
    #[schemars(with = "String")]
    pub class: Option<String>,
    /// The last day on which the recording must not be deleted.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date"))]
    pub retain_until: Option<String>,
    /// The last day on which the recording is kept, or never; `null` means never too.
    #[serde(default, deserialize_with = "present")]
    #[schemars(schema_with = "date_or_never")]
    pub delete_after: Option<Option<String>>,
    /// The action after the last day.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "then"))]
    pub then: Option<String>,
    /// The rules giving its class, in the order of the policy.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub rules: Option<Vec<String>>,
    /// The undecided rules, because of unknown facts.
    #[serde(default)]
    pub unknown: Vec<String>,
}

/// Distinguishes `null` from a missing key.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

fn date_or_never(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [{ "type": "string", "format": "date-or-never" }, { "type": "null" }] })
}
