//! Counts of what will happen or went wrong: expiries by bastion and class, recordings per hold, recordings in trouble.

use std::collections::BTreeMap;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::notification::Event;
use domain::record::retention::{Retention, Then};
use domain::record::session::SessionEntry;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::day::day_of;
use super::tally::week_of;

/// Days ahead for which expiries are counted by bastion and class. Longer than any shown period, since a row may be
/// some days old.
const AHEAD: i64 = 120;
/// Period during which a deletion or a failed login counts as recent.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Recordings that [may go](may_go) soon: bastion, class, last day.
pub(crate) type Expiring = BTreeMap<String, BTreeMap<String, BTreeMap<Date, u64>>>;

/// Counts of coming deletions, of holds and of troubles.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Outlook {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub due: Expiring,
    /// Stored recordings by id of the hold that they carry.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub held: BTreeMap<String, u64>,
    /// Recordings and sessions by name of their [`Trouble`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub troubles: BTreeMap<String, u64>,
}

/// Trouble of a recording or session that lasts or is recent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Recordings deleted without a decision of ours in the last 30 days.
    DeletedUnexpectedly,
    /// Recordings that are active for too long.
    Stale,
    /// Recordings that were not found.
    Missing,
    /// Failed logins of notified bursts in the last 30 days.
    FailedLogins,
}

impl Trouble {
    pub(super) const ALL: [Self; 4] = [Self::DeletedUnexpectedly, Self::Missing, Self::Stale, Self::FailedLogins];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DeletedUnexpectedly => "deleted_unexpectedly",
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::FailedLogins => "failed_logins",
        }
    }

    fn from_entry(entry: &Entry, as_of: Timestamp) -> Option<Self> {
        match entry.state {
            RecordingState::Missing => Some(Self::Missing),
            RecordingState::Active if entry.announced.contains(&Event::RecordingStale) => Some(Self::Stale),
            RecordingState::Deleted if entry.custody.tombstone.is_none() => {
                let at = entry.life.deleted_at().or(entry.custody.missing_since)?;
                (as_of.duration_since(at) <= RECENT).then_some(Self::DeletedUnexpectedly)
            }
            _ => None,
        }
    }
}

/// Returns the retention and last day of a recording that is still stored and may be deleted or reviewed after it: no
/// legal hold and no undecided rule keeps it.
pub(super) fn may_go(entry: &Entry) -> Option<(&Retention, Date)> {
    let retention = entry.custody.retention.as_ref()?;
    let may_go = entry.state.is_there()
        && !entry.custody.is_held()
        && retention.unknown.is_empty()
        && retention.then != Then::Keep;
    retention.delete_after.filter(|_| may_go).map(|last_day| (retention, last_day))
}

impl Outlook {
    pub(super) fn add_recording(&mut self, entry: &Entry, as_of: Timestamp) {
        if let Some(trouble) = Trouble::from_entry(entry, as_of) {
            self.add_trouble(trouble);
        }
        if !entry.state.is_there() {
            return;
        }
        for held in &entry.custody.holds {
            *self.held.entry(held.hold.as_str().to_owned()).or_default() += 1;
        }
        if let Some((retention, last_day)) = may_go(entry)
            && i64::from((last_day - day_of(as_of)).get_days()) <= AHEAD
        {
            let classes = self.due.entry(entry.bastion.as_str().to_owned()).or_default();
            *classes.entry(retention.class.clone()).or_default().entry(last_day).or_default() += 1;
        }
    }

    pub(super) fn add_session(&mut self, entry: &SessionEntry, as_of: Timestamp) {
        if !entry.notified_bursts.is_empty() && as_of.duration_since(entry.at()) <= RECENT {
            self.add_trouble(Trouble::FailedLogins);
        }
    }

    fn add_trouble(&mut self, trouble: Trouble) {
        *self.troubles.entry(trouble.name().to_owned()).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (bastion, classes) in &other.due {
            let known = self.due.entry(bastion.clone()).or_default();
            for (class, days) in classes {
                super::tally::add_counts(known.entry(class.clone()).or_default(), days);
            }
        }
        super::tally::add_counts(&mut self.held, &other.held);
        super::tally::add_counts(&mut self.troubles, &other.troubles);
    }

    /// Groups expiries by week, under its Monday.
    pub(super) fn by_week(mut self) -> Self {
        for days in self.due.values_mut().flat_map(BTreeMap::values_mut) {
            for (day, count) in std::mem::take(days) {
                *days.entry(week_of(day)).or_default() += count;
            }
        }
        self
    }
}
