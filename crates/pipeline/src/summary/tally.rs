//! Tally of recordings and sessions.

use std::collections::BTreeMap;

use domain::decide::habits::why_open;
use domain::record::catalogue::Entry;
use domain::record::join::Match;
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::outlook::{Outlook, may_go};
use crate::stored::checkpoint::is_zero;

/// Counts of a set of recordings and sessions. Tallies of disjoint sets add up to the tally of their union.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally {
    pub recordings: u64,
    pub bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_state: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_match: BTreeMap<String, u64>,
    /// Ambiguous recordings by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undecided: BTreeMap<String, u64>,
    /// Recordings still stored, by class; the empty key holds those without a class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_class: BTreeMap<String, Lot>,
    /// Recordings that [`may_go`], by the last day of their retention.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expiries: BTreeMap<Date, Lot>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sessions: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gaps: u64,
    /// `None` if some of the set was counted by a release without these counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
}

/// Tally of the empty set.
impl Default for Tally {
    fn default() -> Self {
        Self {
            recordings: 0,
            bytes: 0,
            held: 0,
            by_state: BTreeMap::new(),
            by_match: BTreeMap::new(),
            undecided: BTreeMap::new(),
            by_class: BTreeMap::new(),
            expiries: BTreeMap::new(),
            sessions: 0,
            gaps: 0,
            outlook: Some(Outlook::default()),
        }
    }
}

/// Number and total size of some recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Number of recordings.
    pub count: u64,
    /// Total size in bytes.
    pub bytes: u64,
}

impl Lot {
    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Tally {
    pub(super) fn add_recording(&mut self, entry: &Entry, as_of: Timestamp) {
        if let Some(outlook) = &mut self.outlook {
            outlook.add_recording(entry, as_of);
        }
        self.recordings += 1;
        *self.by_state.entry(entry.state.name().to_owned()).or_default() += 1;
        *self.by_match.entry(entry.match_state.verdict.name().to_owned()).or_default() += 1;
        if matches!(entry.match_state.verdict, Match::Ambiguous { .. }) {
            *self.undecided.entry(why_open(entry).name().to_owned()).or_default() += 1;
        }
        if !entry.state.is_there() {
            return;
        }
        let lot = Lot { count: 1, bytes: entry.life.size().unwrap_or(0) };
        self.bytes = self.bytes.saturating_add(lot.bytes);
        self.held += u64::from(is_held(entry));
        self.by_class.entry(class_of(entry).unwrap_or_default().to_owned()).or_default().add(lot);
        if let Some((_, last_day)) = may_go(entry) {
            self.expiries.entry(last_day).or_default().add(lot);
        }
    }

    pub(super) fn add_session(&mut self, entry: &SessionEntry, as_of: Timestamp) {
        if let Some(outlook) = &mut self.outlook {
            outlook.add_session(entry, as_of);
        }
        self.sessions += 1;
        self.gaps += u64::from(entry.has_gap());
    }

    /// Adds the tally of a disjoint set.
    pub(super) fn add(&mut self, other: &Self) {
        self.recordings += other.recordings;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.held += other.held;
        self.sessions += other.sessions;
        self.gaps += other.gaps;
        add_counts(&mut self.by_state, &other.by_state);
        add_counts(&mut self.by_match, &other.by_match);
        add_counts(&mut self.undecided, &other.undecided);
        add_lots(&mut self.by_class, &other.by_class);
        add_lots(&mut self.expiries, &other.expiries);
        self.outlook = self.outlook.take().zip(other.outlook.as_ref()).map(|(mut sum, other)| {
            sum.add(other);
            sum
        });
    }

    /// Groups expiries by week, under its Monday, to keep sums over years small.
    pub(super) fn by_week(mut self) -> Self {
        let by_day = std::mem::take(&mut self.expiries);
        for (day, lot) in by_day {
            self.expiries.entry(week_of(day)).or_default().add(lot);
        }
        self.outlook = self.outlook.map(Outlook::by_week);
        self
    }
}

pub(super) fn add_counts<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (name, count) in from {
        *to.entry(name.clone()).or_default() += count;
    }
}

fn add_lots<K: Ord + Clone>(to: &mut BTreeMap<K, Lot>, from: &BTreeMap<K, Lot>) {
    for (key, lot) in from {
        to.entry(key.clone()).or_default().add(*lot);
    }
}

/// Returns the Monday of a day's week, or the day itself if that Monday is out of range.
pub(crate) fn week_of(day: Date) -> Date {
    match day.weekday() {
        Weekday::Monday => day,
        _ => day.nth_weekday(-1, Weekday::Monday).unwrap_or(day),
    }
}

/// Returns true if the recording is still stored and a legal hold covers it, certainly or possibly.
pub(crate) fn is_held(entry: &Entry) -> bool {
    entry.state.is_there() && entry.custody.is_held()
}

/// Returns the retention class of a recording, if assigned.
pub(crate) fn class_of(entry: &Entry) -> Option<&str> {
    entry.custody.retention.as_ref().map(|retention| retention.class.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_named_after_its_monday() {
        for (day, monday) in [("2026-03-02", "2026-03-02"), ("2026-03-08", "2026-03-02"), ("2026-03-09", "2026-03-09")]
        {
            assert_eq!(week_of(day.parse().unwrap()), monday.parse().unwrap());
        }
    }
}
