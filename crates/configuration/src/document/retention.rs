//! Section `retention` of the file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::matcher::WhenDocument;

/// How long recordings are kept, and what happens then. Without the key, they are kept for ever.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "retention")]
pub struct RetentionDocument {
    /// The start of periods: session_end or created.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "clock", "default" = "session_end", "enum" = ["session_end", "created"]))]
    pub clock: Option<String>,
    /// The class of recordings without a matching rule.
    #[schemars(extend("examples" = ["standard"]))]
    pub default_class: String,
    /// The classes and their periods; the name of a class is the value of the tag bsr-class.
    #[schemars(extend("examples" = [{ "standard": { "retain_for": "P1Y", "delete_after": "P1Y", "then": "delete" } }]))]
    pub classes: BTreeMap<String, ClassDocument>,
    /// The rules that assign classes. All matching rules count, and the longest retention wins.
    #[serde(default)]
    pub rules: Vec<RuleDocument>,
    /// How long people are warned before a deletion: P0D to P1Y.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "period", "default" = "P7D"))]
    pub grace: Option<String>,
    /// Delete recordings. If false, only plan and report.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub enforce: bool,
    /// The executor of deletions: archivist, or lifecycle. With lifecycle, the archivist tags due
    /// recordings and a rule of the platform deletes them.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "executor", "default" = "archivist", "enum" = ["archivist", "lifecycle"]))]
    pub executor: Option<String>,
    /// Limits of one run; if a run would exceed them, it deletes nothing.
    #[serde(default)]
    pub limits: LimitsDocument,
}

/// How long recordings of a class are kept, and what happens then.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "class")]
pub struct ClassDocument {
    /// How long recordings must not be deleted: years, months, weeks and days, such as P1Y, P18M or P90D.
    #[schemars(extend("format" = "period", "examples" = ["P1Y"]))]
    pub retain_for: String,
    /// The time after which recordings are due. Omit it with `then: keep`, required otherwise; raised to
    /// retain_for.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "period", "examples" = ["P1Y"]))]
    pub delete_after: Option<String>,
    /// The action after that: delete, review (a person decides) or keep.
    #[schemars(extend("format" = "then", "examples" = ["delete"], "enum" = ["delete", "review", "keep"]))]
    pub then: String,
    /// When the platform moves recordings to cheaper tiers, for `archivist policy lifecycle`.
    #[serde(default)]
    #[schemars(with = "TiersDocument")]
    pub tiers: Option<TiersDocument>,
    /// How long recordings must play at once: they are not archived earlier.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days", "examples" = ["P90D"]))]
    pub immediately_available: Option<String>,
}

/// When the platform moves recordings to cheaper tiers, in days since their last write.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "tiers")]
pub struct TiersDocument {
    /// When to move to the cool tier, such as P30D.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub cool_after: Option<String>,
    /// When to move to the cold tier, such as P90D.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub cold_after: Option<String>,
    /// When to move to the archive tier, such as P180D. An archived recording must be rehydrated before it
    /// plays, which takes hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub archive_after: Option<String>,
}

/// Assigns a class to matching recordings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rule")]
pub struct RuleDocument {
    /// Its name, for people.
    #[schemars(extend("examples" = ["card-data machines"]))]
    pub name: String,
    /// The recordings matched by the rule.
    #[schemars(extend("examples" = [{ "resource_group": "rg-pci-*" }]))]
    pub when: WhenDocument,
    /// The class of these recordings.
    #[schemars(extend("examples" = ["standard"]))]
    pub class: String,
    /// Apply the rule even if a person assigned another class to a recording.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub minimum: bool,
}

/// Limits of one run.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "limits")]
pub struct LimitsDocument {
    /// Maximum number of recordings.
    #[serde(default)]
    #[schemars(with = "u32", range(min = 1, max = 1_000_000), extend("default" = 100))]
    pub max_deletes_per_run: Option<u32>,
    /// Maximum share of the recordings of one container, in per cent.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 1, max = 100), extend("default" = 5))]
    pub max_delete_percent: Option<u8>,
}
