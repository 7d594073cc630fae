//! What is kept of the counts: a document for each month with its days, one with the sums of the months and how far the
//! counting has come, and one with the sum of all, so that asking reads nothing that grows with the years.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::checkpoint::{AS_WRITTEN, Document, decode, encode};

/// The days of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Month {
    schema: u32,
    pub days: BTreeMap<Date, Row>,
}

/// What was counted of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// When it was.
    pub as_of: Timestamp,
    pub tally: Tally,
}

/// What everything adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Total {
    schema: u32,
    /// When a run ended last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Whether a round has come to the oldest day.
    pub is_whole: bool,
    pub sum: Tally,
}

/// The sums of the months, and how far the counting has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Months {
    schema: u32,
    /// On which day the last week was counted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week_on: Option<Date>,
    /// The day that the round over older days has come to. None between two rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_to: Option<Date>,
    /// Whether a round has come to the oldest day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_whole: bool,
    /// What the days of each month add up to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<String, Tally>,
}

impl Default for Month {
    fn default() -> Self {
        Self { schema: Self::SCHEMA, days: BTreeMap::new() }
    }
}

impl Default for Total {
    fn default() -> Self {
        Self { schema: Self::SCHEMA, as_of: None, is_whole: false, sum: Tally::default() }
    }
}

impl Default for Months {
    fn default() -> Self {
        Self { schema: Self::SCHEMA, week_on: None, came_to: None, is_whole: false, months: BTreeMap::new() }
    }
}

impl Months {
    /// What everything adds up to.
    pub(super) fn total(&self, as_of: Timestamp) -> Total {
        let mut sum = Tally::default();
        self.months.values().for_each(|month| sum.add(month));
        Total { as_of: Some(as_of), is_whole: self.is_whole, sum, ..Total::default() }
    }
}

impl Month {
    /// What its days add up to.
    pub(super) fn sum(&self) -> Tally {
        let mut sum = Tally::default();
        self.days.values().for_each(|row| sum.add(&row.tally));
        sum.by_week()
    }
}

impl Document for Month {
    const WHAT: &str = "counts of a month";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, _: Timestamp) -> Self {
        // Days are counted anew by the next run, whichever were counted before.
        self
    }
}

impl Document for Months {
    const WHAT: &str = "counts of the months";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, _: Timestamp) -> Self {
        // Days are counted anew by the next run, whichever were counted before.
        self
    }
}

impl Document for Total {
    const WHAT: &str = "sum of all counts";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, _: Timestamp) -> Self {
        // Days are counted anew by the next run, whichever were counted before.
        self
    }
}

/// The name of the document with the sum of all; those of months have the months' names.
pub(super) const TOTAL: &str = "total";
/// The name of the document with the sums of the months.
pub(super) const MONTHS: &str = "months";

/// The name of a day's month.
pub(super) fn month_of(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// A document, or an empty one where none was saved yet.
pub(super) async fn load<D: Document + Default>(
    checkpoints: &dyn Checkpoints,
    name: &str,
) -> Result<(D, Option<Version>), Fault> {
    match checkpoints.get(&key(name)).await? {
        Some(checkpoint) => Ok((decode(&checkpoint.doc, AS_WRITTEN)?, Some(checkpoint.version))),
        None => Ok((D::default(), None)),
    }
}

/// Saves a document. `None` where somebody else has saved it meanwhile.
pub(super) async fn save<D: Document>(
    checkpoints: &dyn Checkpoints,
    name: &str,
    before: Option<Version>,
    document: &D,
) -> Result<Option<Version>, Fault> {
    checkpoints.save(&key(name), before, &encode(document)?).await
}

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Summary, name: name.to_owned() }
}
