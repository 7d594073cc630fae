//! Counts per bastion and day: recordings with a name, reasons for recordings without one, and sessions. One small
//! document per day.

use std::collections::BTreeMap;

use domain::decide::habits::{HABIT_DAYS, NameCounts};
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join::UndecidedReason;
use domain::record::session::{SessionCoverage, SessionEntry};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::stored::{load, save};
use crate::ports::{CheckpointKind, Checkpoints, Fault};
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, is_zero};

/// Counts of named and unnamed recordings and of sessions of a day, by bastion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    schema: Schema,
    as_of: Timestamp,
    /// False if the day was counted by a release that did not count sessions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_sessions: bool,
    bastions: BTreeMap<String, NamesForm>,
}

/// Stored form of [`NameCounts`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NamesForm {
    #[serde(skip_serializing_if = "is_none")]
    matched: u32,
    #[serde(skip_serializing_if = "is_none")]
    unmatched: u32,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pending: BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    undecided: BTreeMap<String, u32>,
    /// Sessions, failed logins included.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) sessions: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) gaps: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) recorded: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) recordable: u64,
}

/// Sum of [`Names`] over several days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NamesOfDays {
    pub(crate) by_bastion: BTreeMap<BastionName, NameCounts>,
    /// Time at which the newest day was counted.
    pub(crate) as_of: Option<Timestamp>,
}

impl CheckpointDocument for Names {
    const WHAT: &str = "counts of names of a day";

    fn without_future(self, _: Timestamp) -> Self {
        // The next run counts the day again.
        self
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new(Timestamp::UNIX_EPOCH)
    }
}

impl Names {
    pub(super) fn new(as_of: Timestamp) -> Self {
        Self { schema: Schema, as_of, has_sessions: true, bastions: BTreeMap::new() }
    }

    /// Returns the counts by bastion, or `None` if sessions were not counted.
    pub(super) fn sessions(&self) -> Option<&BTreeMap<String, NamesForm>> {
        Some(&self.bastions).filter(|_| self.has_sessions)
    }

    /// Time of the count.
    pub(super) fn as_of(&self) -> Timestamp {
        self.as_of
    }

    pub(super) fn add_session(&mut self, entry: &SessionEntry) {
        let of_bastion = self.bastions.entry(entry.id.bastion.as_str().to_owned()).or_default();
        let SessionCoverage { recorded, recordable } = SessionCoverage::from_entry(entry);
        of_bastion.sessions += 1;
        of_bastion.gaps += u64::from(entry.has_gap());
        of_bastion.recorded += recorded;
        of_bastion.recordable += recordable;
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        let mut name = NameCounts::default();
        name.add(entry);
        self.bastions.entry(entry.bastion.as_str().to_owned()).or_default().add(&name);
    }
}

impl NamesForm {
    fn add(&mut self, counts: &NameCounts) {
        self.matched = self.matched.saturating_add(counts.matched);
        self.unmatched = self.unmatched.saturating_add(counts.unmatched);
        for (all, more) in [(&mut self.pending, &counts.pending), (&mut self.undecided, &counts.undecided)] {
            for (reason, count) in more {
                let sum = all.entry(reason.name().to_owned()).or_default();
                *sum = sum.saturating_add(*count);
            }
        }
    }
}

/// Drops reasons unknown to this release.
impl From<&NamesForm> for NameCounts {
    fn from(form: &NamesForm) -> Self {
        let counts = |form: &BTreeMap<String, u32>| {
            form.iter().filter_map(|(name, count)| Some((UndecidedReason::parse(name)?, *count))).collect()
        };
        let NamesForm { matched, unmatched, pending, undecided, .. } = form;
        Self { matched: *matched, unmatched: *unmatched, pending: counts(pending), undecided: counts(undecided) }
    }
}

/// Saves the counts of a day. If two runs count it at the same time, one of them saves.
pub(super) async fn save_names(checkpoints: &dyn Checkpoints, day: Date, names: &Names) -> Result<(), Fault> {
    let name = name_of(day);
    let (_, before) = load::<Names>(checkpoints, &name).await?;
    save(checkpoints, &name, before, names).await.map(drop)
}

/// Sums the counts of the days from `first` to `last`, at most [`HABIT_DAYS`] days.
pub(crate) async fn names_of_days(
    checkpoints: &dyn Checkpoints,
    first: Date,
    last: Date,
) -> Result<NamesOfDays, Fault> {
    let after = first.yesterday().map(name_of).unwrap_or_default();
    let rows = checkpoints.list(CheckpointKind::Summary, Some(&after), HABIT_DAYS).await?;
    let mut found = NamesOfDays::default();
    for (name, row) in rows {
        if !(name_of(first)..=name_of(last)).contains(&name) {
            continue;
        }
        let names: Names = decode(&row.doc, AS_WRITTEN)?;
        found.as_of = Some(names.as_of);
        for (bastion, counts) in &names.bastions {
            found.by_bastion.entry(BastionName::new(bastion)).or_default().merge(&counts.into());
        }
    }
    Ok(found)
}

pub(super) fn name_of(day: Date) -> String {
    format!("names {day}")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde requires this signature")]
fn is_none(count: &u32) -> bool {
    *count == 0
}
