//! Sessions of each bastion by day, as last counted.

use std::collections::BTreeMap;

use domain::record::estate::BastionName;
use domain::record::session::SessionCoverage;
use jiff::Timestamp;
use jiff::civil::Date;

use super::names::{Names, name_of};
use super::tally::week_of;
use crate::ports::{CheckpointKind, Checkpoints, Fault};
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// Days per page.
const PAGE: usize = 100;

/// Counted days by bastion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BastionDays {
    /// Days on which sessions were counted; a bastion without sessions on such a day has no row.
    pub counted: Vec<Date>,
    /// Time of the count of each of these days.
    counted_at: BTreeMap<Date, Timestamp>,
    rows: BTreeMap<BastionName, BTreeMap<Date, DayOfBastion>>,
}

/// Sessions of one bastion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayOfBastion {
    /// Sessions, failed logins included.
    pub sessions: u64,
    /// Sessions without a recording, whatever the cause.
    pub gaps: u64,
    /// Recorded out of recordable sessions.
    pub coverage: SessionCoverage,
}

/// Returns the counted days from `first` to `last`. Costs one read per hundred days.
pub async fn bastion_days(checkpoints: &dyn Checkpoints, first: Date, last: Date) -> Result<BastionDays, Fault> {
    let (mut found, mut after) = (BastionDays::default(), first.yesterday().map(name_of).unwrap_or_default());
    let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
    let names: BTreeMap<String, Date> = days.map(|day| (name_of(day), day)).collect();
    loop {
        let rows = checkpoints.list(CheckpointKind::Summary, Some(&after), PAGE).await?;
        let is_last = rows.len() < PAGE;
        for (name, row) in rows {
            let Some(day) = names.get(&name) else { return Ok(found) };
            let row: Names = decode(&row.doc, AS_WRITTEN)?;
            if let Some(bastions) = row.sessions() {
                found.add(*day, row.as_of(), bastions);
            }
            after = name;
        }
        if is_last {
            return Ok(found);
        }
    }
}

impl DayOfBastion {
    pub(crate) fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.gaps += other.gaps;
        self.coverage.add(other.coverage);
    }
}

impl BastionDays {
    fn add(&mut self, day: Date, as_of: Timestamp, bastions: &BTreeMap<String, super::names::NamesForm>) {
        self.counted.push(day);
        self.counted_at.insert(day, as_of);
        for (bastion, form) in bastions {
            let coverage = SessionCoverage { recorded: form.recorded, recordable: form.recordable };
            let counts = DayOfBastion { sessions: form.sessions, gaps: form.gaps, coverage };
            self.rows.entry(BastionName::new(bastion)).or_default().insert(day, counts);
        }
    }

    /// Returns the time of the count of a day. `None` if it was not counted.
    pub(super) fn counted_at(&self, day: Date) -> Option<Timestamp> {
        self.counted_at.get(&day).copied()
    }

    /// Returns the bastions with recordings or sessions on a counted day.
    pub(crate) fn bastions(&self) -> impl Iterator<Item = &BastionName> {
        self.rows.keys()
    }

    /// Returns the sum of a bastion from `first` to `last`, or `None` if none of these days was counted.
    pub fn sum(&self, bastion: &BastionName, first: Date, last: Date) -> Option<DayOfBastion> {
        let range = first..=last;
        self.counted.iter().find(|day| range.contains(day))?;
        let mut sum = DayOfBastion::default();
        for (_, row) in self.rows.get(bastion).into_iter().flat_map(|rows| rows.range(range.clone())) {
            sum.add(row);
        }
        Some(sum)
    }

    /// Returns the sum of all bastions from `first` to `last`, or `None` if none of these days was counted.
    pub fn sum_of_all(&self, first: Date, last: Date) -> Option<DayOfBastion> {
        let sums = self.rows.keys().filter_map(|bastion| self.sum(bastion, first, last));
        let is_counted = self.counted.iter().any(|day| (first..=last).contains(day));
        is_counted.then(|| {
            sums.fold(DayOfBastion::default(), |mut all, one| {
                all.add(&one);
                all
            })
        })
    }

    /// Returns the Mondays of the counted weeks, oldest first.
    pub fn weeks(&self) -> Vec<Date> {
        let mut weeks: Vec<Date> = self.counted.iter().map(|day| week_of(*day)).collect();
        weeks.dedup();
        weeks
    }
}
