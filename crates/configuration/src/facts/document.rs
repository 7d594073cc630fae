//! Recordings that somebody made up, as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::document::Bytes;

/// What is known of a recording; what is left out is not known.
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
    /// What is known of the session.
    #[serde(default, rename = "match")]
    #[schemars(with = "String", extend("format" = "match"))]
    pub matching: Option<String>,
    /// All tags, each with its value; `{}` for none.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub tags: Option<BTreeMap<String, String>>,
    /// Where the person came from.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "address"))]
    pub client_ip: Option<String>,
    /// The machine's private address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "address"))]
    pub target_ip: Option<String>,
    /// How long the recording is; left out, from `created` to `ended`.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration"))]
    pub duration: Option<String>,
    /// How many bytes it has.
    #[serde(default)]
    #[schemars(with = "Bytes")]
    pub size: Option<Bytes>,
    /// When the session began; left out, as `created`.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub started: Option<String>,
    /// When the recording came to be.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub created: Option<String>,
    /// When the session ended, or else when the recording was written last.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time"))]
    pub ended: Option<String>,
    /// The class that a person gave it.
    #[serde(default)]
    #[schemars(with = "String")]
    pub class: Option<String>,
}

/// A file of assertions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "assertions about a retention policy")]
pub struct AssertionsDocument {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    #[expect(dead_code, reason = "checked by the schema; there is nothing to choose yet")]
    version: i64,
    /// What the policy should say of which recording.
    #[schemars(length(min = 1), extend("examples" = [[]]))]
    pub tests: Vec<AssertionDocument>,
}

/// What a policy should say of a recording.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "assertion")]
pub struct AssertionDocument {
    /// What it shows.
    pub name: String,
    /// The recording.
    #[schemars(extend("examples" = [{ "machine": "vm-1", "ended": "2026-03-02T09:40:02Z" }]))]
    pub facts: FactsDocument,
    /// What should be said of it.
    #[schemars(extend("examples" = [{ "class": "standard" }]))]
    pub expect: ExpectationDocument,
}

/// What should be said of a recording. What is left out is not compared, but `unknown`, which is then nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "expectation")]
pub struct ExpectationDocument {
    /// The class.
    pub class: String,
    /// The last day on which nobody may delete it.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date"))]
    pub retain_until: Option<String>,
    /// The last day on which it stays, or never.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-or-never"))]
    pub delete_after: Option<String>,
    /// What happens then.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "then"))]
    pub then: Option<String>,
    /// The rules that give its class, in the order of the policy.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub rules: Option<Vec<String>>,
    /// The rules of which nobody can say whether they mean it.
    #[serde(default)]
    pub unknown: Vec<String>,
}
