//! Stored counts. One document per month holds its days, one the sums of the months and the progress of the count, and
//! one the overall sum, so no query reads data that grows over the years.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Month {
    schema: Schema,
    pub days: BTreeMap<Date, SummaryRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SummaryRow {
    /// Time of the count.
    pub as_of: Timestamp,
    pub tally: Tally,
}

/// Sum of all days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaysTotal {
    schema: Schema,
    /// End of the last run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Time after which every day was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_since: Option<Timestamp>,
    /// True once a round has reached the oldest day.
    pub is_whole: bool,
    pub sum: Tally,
}

/// Sums of the months, and the progress of the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Months {
    schema: Schema,
    /// Begin of the last run that counted the previous week; one a day does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week_at: Option<Timestamp>,
    /// Day that the round over older days has reached; `None` between rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_to: Option<Date>,
    /// Begin of the round over older days, or of an earlier count of the previous week; `None` once it skipped a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_began: Option<Timestamp>,
    /// Time after which every day was counted: the begin of the last round without skipped days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_since: Option<Timestamp>,
    /// True once a round has reached the oldest day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_whole: bool,
    /// Sum of the days of each month, by month.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<String, Tally>,
}

impl Default for Month {
    fn default() -> Self {
        Self { schema: Schema, days: BTreeMap::new() }
    }
}

impl Default for DaysTotal {
    fn default() -> Self {
        Self { schema: Schema, as_of: None, counted_since: None, is_whole: false, sum: Tally::default() }
    }
}

impl Default for Months {
    fn default() -> Self {
        Self {
            schema: Schema,
            week_at: None,
            came_to: None,
            round_began: None,
            counted_since: None,
            is_whole: false,
            months: BTreeMap::new(),
        }
    }
}

impl Months {
    pub(super) fn total(&self, as_of: Timestamp) -> DaysTotal {
        let mut sum = Tally::default();
        self.months.values().for_each(|month| sum.add(month));
        let Self { counted_since, is_whole, .. } = *self;
        DaysTotal { as_of: Some(as_of), counted_since, is_whole, sum, ..DaysTotal::default() }
    }

    /// Begins a round over older days, unless one is in progress. `now` is the begin of the run.
    ///
    /// Days that leave the previous week while the round goes on are not part of it; they were counted with their week.
    pub(super) fn begin_round(&mut self, now: Timestamp) {
        if self.came_to.is_none() {
            self.round_began = self.week_at.map(|week_at| week_at.min(now));
        }
    }

    /// Ends the round: no older day is left.
    pub(super) fn end_round(&mut self) {
        self.counted_since = self.round_began.take().or(self.counted_since);
        (self.came_to, self.is_whole) = (None, true);
    }
}

impl Month {
    /// Sums the days, with expiries by week.
    pub(super) fn sum(&self) -> Tally {
        let mut sum = Tally::default();
        self.days.values().for_each(|row| sum.add(&row.tally));
        sum.by_week()
    }
}

impl CheckpointDocument for Month {
    const WHAT: &str = "counts of a month";

    fn without_future(self, _: Timestamp) -> Self {
        // The next run counts the days again, even if they were counted before.
        self
    }
}

impl CheckpointDocument for Months {
    const WHAT: &str = "counts of the months";

    fn without_future(self, _: Timestamp) -> Self {
        // The next run counts the days again, even if they were counted before.
        self
    }
}

impl CheckpointDocument for DaysTotal {
    const WHAT: &str = "sum of all counts";

    fn without_future(self, _: Timestamp) -> Self {
        // The next run counts the days again, even if they were counted before.
        self
    }
}

/// Document with the overall sum. Month documents are named after their month.
pub(super) const TOTAL: &str = "total";
/// Document with the sums of the months.
pub(super) const MONTHS: &str = "months";

/// Returns the name of a day's month, `2026-03`.
pub(super) fn month_of(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// Loads a document, or returns an empty one if none was saved.
pub(super) async fn load<D: CheckpointDocument + Default>(
    checkpoints: &dyn Checkpoints,
    name: &str,
) -> Result<(D, Option<Version>), Fault> {
    match checkpoints.get(&key(name)).await? {
        Some(checkpoint) => Ok((decode(&checkpoint.doc, AS_WRITTEN)?, Some(checkpoint.version))),
        None => Ok((D::default(), None)),
    }
}

/// Saves a document. Returns `None` if another writer saved it since.
pub(super) async fn save<D: CheckpointDocument>(
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
