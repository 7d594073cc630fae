//! How long recordings stay, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::matcher::WhenDocument;

/// How long recordings stay, and what happens then. Without the key, they stay for ever.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "retention")]
pub struct RetentionDocument {
    /// From when on periods are counted: session_end or created.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "clock", "default" = "session_end", "enum" = ["session_end", "created"]))]
    pub clock: Option<String>,
    /// The class of a recording to which no rule gives one.
    #[schemars(extend("examples" = ["standard"]))]
    pub default_class: String,
    /// How long recordings of each class stay; its name stands in the tag bsr-class.
    #[schemars(extend("examples" = [{ "standard": { "retain_for": "P1Y", "delete_after": "P1Y", "then": "delete" } }]))]
    pub classes: BTreeMap<String, ClassDocument>,
    /// Which recordings are in which class. All rules that match count, and the longest retention wins.
    #[serde(default)]
    pub rules: Vec<RuleDocument>,
    /// How long people are warned before a deletion: P0D to P1Y.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "period", "default" = "P7D"))]
    pub grace: Option<String>,
    /// Whether anything is deleted. Else plans are made and told.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub enforce: bool,
    /// Who deletes: archivist, or lifecycle, where we only tag what is due and a rule of the platform deletes it.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "executor", "default" = "archivist", "enum" = ["archivist", "lifecycle"]))]
    pub executor: Option<String>,
    /// How much one run may delete; a run that would delete more deletes nothing.
    #[serde(default)]
    pub limits: LimitsDocument,
}

/// How long recordings of a class stay, and what happens then.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "class")]
pub struct ClassDocument {
    /// How long nobody may delete them: years, months, weeks and days, as P1Y, P18M or P90D.
    #[schemars(extend("format" = "period", "examples" = ["P1Y"]))]
    pub retain_for: String,
    /// After how long they go. Left out with `then: keep`, required otherwise; raised to retain_for.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "period", "examples" = ["P1Y"]))]
    pub delete_after: Option<String>,
    /// What happens then: delete, review (a person decides) or keep.
    #[schemars(extend("format" = "then", "examples" = ["delete"], "enum" = ["delete", "review", "keep"]))]
    pub then: String,
    /// When the platform moves them to cheaper tiers, for `archivist policy lifecycle`.
    #[serde(default)]
    #[schemars(with = "TiersDocument")]
    pub tiers: Option<TiersDocument>,
    /// How long they must be playable at once: never in the archive tier before.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days", "examples" = ["P90D"]))]
    pub immediately_available: Option<String>,
}

/// When the platform moves recordings to cheaper tiers, in days since their last write.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "tiers")]
pub struct TiersDocument {
    /// When they go to the cool tier, as P30D.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub cool_after: Option<String>,
    /// When they go to the cold tier, as P90D.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub cold_after: Option<String>,
    /// When they go to the archive tier, as P180D. Nothing there plays until it is brought back, which takes hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "days"))]
    pub archive_after: Option<String>,
}

/// Which recordings are in a class.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rule")]
pub struct RuleDocument {
    /// Its name, for people.
    #[schemars(extend("examples" = ["card-data machines"]))]
    pub name: String,
    /// Which recordings it means.
    #[schemars(extend("examples" = [{ "resource_group": "rg-pci-*" }]))]
    pub when: WhenDocument,
    /// Their class.
    #[schemars(extend("examples" = ["standard"]))]
    pub class: String,
    /// Whether it counts even where a person has given a recording another class.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub minimum: bool,
}

/// How much one run may delete.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "limits")]
pub struct LimitsDocument {
    /// How many recordings.
    #[serde(default)]
    #[schemars(with = "u32", range(min = 1, max = 1_000_000), extend("default" = 100))]
    pub max_deletes_per_run: Option<u32>,
    /// What share of the recordings of one container, in per cent.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 1, max = 100), extend("default" = 5))]
    pub max_delete_percent: Option<u8>,
}
