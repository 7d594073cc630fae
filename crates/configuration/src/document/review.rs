//! Section `review` of the file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::matcher::WhenDocument;

/// Which recordings a person must review. Without the key, none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "review")]
pub struct ReviewDocument {
    /// The rules, in order. The first one that asks for a recording gives the due date.
    #[serde(default)]
    pub rules: Vec<ReviewRuleDocument>,
}

/// Asks for a review of matching recordings. A rule that cannot be decided asks too.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "review_rule")]
pub struct ReviewRuleDocument {
    /// Its name, for people. Another name draws another sample.
    #[schemars(extend("examples" = ["out of hours"]))]
    pub name: String,
    /// The recordings matched by the rule. Without the key, all.
    #[serde(default)]
    #[schemars(with = "WhenDocument")]
    pub when: Option<WhenDocument>,
    /// The share of them to review, in per cent. A larger share contains every smaller one.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 0, max = 100), extend("default" = 100))]
    pub sample: Option<u8>,
    /// The time for the review after the recording became final: P7D, or PT48H.
    #[schemars(extend("format" = "due-within", "examples" = ["P7D"]))]
    pub due_within: String,
}
