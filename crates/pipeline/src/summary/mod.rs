//! What there is, in numbers: days, totals, and what expires when.
//!
//! Counting a catalogue costs what is in it, so a sweep counts, a few days at a time, and keeps a row for each day; asking
//! costs the documents of the months asked for and one more. A recording belongs to the UTC day of its id, which is the day
//! of what first told of it, so that every recording is in exactly one row.

mod day;
mod names;
mod stored;
mod sweep;
mod tally;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

pub(crate) use self::names::{NamesOfDays, names_of_days};
pub(crate) use self::stored::{Month, Total};
use self::stored::{TOTAL, load, month_of};
use self::tally::Tally;
#[cfg(test)]
pub(crate) use self::{names::Names, stored::Months};
use crate::ports::{Checkpoints, Fault};

pub use sweep::Summarised;
pub use tally::Lot;

/// How many days a summary names at most.
pub const LONGEST_RANGE: usize = 400;

/// What there is, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// When the numbers were brought up to date last. `None` where nothing was ever counted.
    pub as_of: Option<Timestamp>,
    /// Whether every day has been counted at least once; until then the totals are too low.
    pub is_whole: bool,
    /// What all days add up to.
    pub totals: Totals,
    /// The days of the range of which anything was counted, oldest first.
    pub days: Vec<Day>,
    /// What is to go when, oldest first: weeks by their Mondays. Those that are over are still stored.
    pub expiries: Vec<(Date, Lot)>,
}

/// What all days add up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// All recordings that are catalogued, those that are gone included.
    pub recordings: u64,
    /// The bytes of those that are still stored.
    pub bytes: u64,
    /// How many of those that are still stored a legal hold covers.
    pub held: u64,
    /// All sessions.
    pub sessions: u64,
    /// Sessions that are known to have no recording.
    pub gaps: u64,
    /// Recordings by the name of their [state](domain::catalogue::State).
    pub by_state: BTreeMap<String, u64>,
    /// Recordings by the name of their [match](domain::join::Match).
    pub by_match: BTreeMap<String, u64>,
    /// Ambiguous recordings by the name of the [reason](domain::join::Reason) for which none of their sessions is certain.
    pub undecided: BTreeMap<String, u64>,
    /// Those that are still stored, by their class; `None` while they have none.
    pub by_class: Vec<(Option<String>, Lot)>,
}

/// What there is of a UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// When it was counted.
    pub as_of: Timestamp,
    /// Recordings that were first heard of on it.
    pub recordings: u64,
    /// The bytes of those that are still stored.
    pub bytes: u64,
    /// Those whose session is certain.
    pub matched: u64,
    /// Those that may be of several sessions.
    pub ambiguous: u64,
    /// Those without a session.
    pub unmatched: u64,
    /// Sessions that began on it.
    pub sessions: u64,
    /// Those that are known to have no recording.
    pub gaps: u64,
}

/// The days from `from` to `to`, both included, with the totals of all days. Of a longer range than [`LONGEST_RANGE`] it is
/// the newest days.
///
/// It costs a read for each month of the range and one more, and these are as large however much there is.
pub async fn summary(checkpoints: &dyn Checkpoints, from: Date, to: Date) -> Result<Summary, Fault> {
    let (total, _) = load::<Total>(checkpoints, TOTAL).await?;
    let back = std::iter::successors(Some(to), |day| day.yesterday().ok());
    let mut names: Vec<String> = back.take(LONGEST_RANGE).take_while(|day| *day >= from).map(month_of).collect();
    names.dedup();
    let mut days = Vec::new();
    for name in names.iter().rev() {
        let (month, _) = load::<Month>(checkpoints, name).await?;
        let wanted = month.days.iter().filter(|(date, _)| (from..=to).contains(*date));
        days.extend(wanted.map(|(date, row)| Day::of(*date, row.as_of, &row.tally)));
    }
    days.drain(..days.len().saturating_sub(LONGEST_RANGE));
    let mut sum = total.sum;
    let expiries = std::mem::take(&mut sum.expiries).into_iter().collect();
    Ok(Summary { as_of: total.as_of, is_whole: total.is_whole, totals: Totals::of(sum), days, expiries })
}

impl Day {
    fn of(date: Date, as_of: Timestamp, tally: &Tally) -> Self {
        let matching = |name: &str| tally.by_match.get(name).copied().unwrap_or(0);
        Self {
            date,
            as_of,
            recordings: tally.recordings,
            bytes: tally.bytes,
            matched: matching("matched"),
            ambiguous: matching("ambiguous"),
            unmatched: matching("unmatched"),
            sessions: tally.sessions,
            gaps: tally.gaps,
        }
    }
}

impl Totals {
    fn of(sum: Tally) -> Self {
        let class = |name: String| Some(name).filter(|name| !name.is_empty());
        Self {
            recordings: sum.recordings,
            bytes: sum.bytes,
            held: sum.held,
            sessions: sum.sessions,
            gaps: sum.gaps,
            by_state: sum.by_state,
            by_match: sum.by_match,
            undecided: sum.undecided,
            by_class: sum.by_class.into_iter().map(|(name, lot)| (class(name), lot)).collect(),
        }
    }
}
