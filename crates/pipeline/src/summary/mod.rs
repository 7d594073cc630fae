//! Summary of the catalogue in numbers: days, totals, expiries.
//!
//! The cost of counting grows with the catalogue. A sweep therefore counts a few days at a time and stores a row per
//! day; a query reads one document per requested month plus one. A recording belongs to the UTC day of its id, the day
//! of its first event or listing, so every recording is in exactly one row.

mod bastions;
mod covered;
mod day;
mod names;
mod outlook;
mod stored;
mod sweep;
mod tally;
pub use sweep::Summarise;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use self::outlook::Outlook;
use self::stored::{TOTAL, load, month_of};
use self::tally::Tally;
use crate::ports::{Checkpoints, Fault};

pub(crate) use self::covered::{CoveredDays, covered_days};
pub(crate) use self::names::{NamesOfDays, names_of_days};
pub(crate) use self::stored::{DaysTotal, Month};
pub(crate) use self::tally::{class_of, is_held, week_of};
#[cfg(test)]
pub(crate) use self::{names::Names, stored::Months};

pub use bastions::{BastionDays, DayOfBastion, bastion_days};
pub use outlook::Trouble;
pub use sweep::Summarised;
pub use tally::Lot;

/// Maximum number of days in a summary.
pub const LONGEST_RANGE: usize = 400;

/// Numbers of the whole catalogue and of a range of days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Time of the last count, or `None` if nothing was counted yet.
    pub as_of: Option<Timestamp>,
    /// Time after which every day was counted; `None` if some day never was. Changes since then may be missing.
    pub counted_since: Option<Timestamp>,
    /// True once every day has been counted; until then the totals are too low.
    pub is_whole: bool,
    /// Sum over all days.
    pub totals: Totals,
    /// Counted days of the range, oldest first.
    pub days: Vec<Day>,
    /// Expiries by week (its Monday), oldest first. Recordings of past weeks are still stored.
    pub expiries: Vec<(Date, Lot)>,
    /// Counts of coming deletions, of holds and of troubles; `None` if not everything has been counted for them yet.
    pub outlook: Option<OutlookCounts>,
}

/// Counts of coming deletions, of holds and of troubles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutlookCounts {
    /// Recordings that may be deleted or reviewed after their last day; by bastion, class and week (its Monday).
    /// Complete for more than 90 days. Without recordings under legal hold.
    pub due: BTreeMap<String, BTreeMap<String, BTreeMap<Date, u64>>>,
    /// Stored recordings by id of the hold that they carry.
    pub held: BTreeMap<String, u64>,
    /// Recordings and sessions in trouble, the worst first.
    pub troubles: Vec<(Trouble, u64)>,
}

/// Sum over all days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Catalogued recordings, deleted ones included.
    pub recordings: u64,
    /// Bytes of the recordings still stored.
    pub bytes: u64,
    /// Recordings still stored and under legal hold.
    pub held: u64,
    /// Number of sessions.
    pub sessions: u64,
    /// Sessions without a recording.
    pub gaps: u64,
    /// Recordings by [state](domain::record::catalogue::RecordingState) name.
    pub by_state: BTreeMap<String, u64>,
    /// Recordings by [match](domain::record::join::Match) name.
    pub by_match: BTreeMap<String, u64>,
    /// Ambiguous recordings by name of the [reason](domain::record::join::UndecidedReason).
    pub undecided: BTreeMap<String, u64>,
    /// Recordings still stored, by retention class; `None` if no class is assigned yet.
    pub by_class: Vec<(Option<String>, Lot)>,
}

/// Counts of a UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// UTC date.
    pub date: Date,
    /// Time of the count.
    pub as_of: Timestamp,
    /// Recordings first seen on this day.
    pub recordings: u64,
    /// Bytes of those still stored.
    pub bytes: u64,
    /// Recordings with a certain session.
    pub matched: u64,
    /// Recordings with several candidate sessions.
    pub ambiguous: u64,
    /// Recordings without a session.
    pub unmatched: u64,
    /// Sessions that began on this day.
    pub sessions: u64,
    /// Sessions without a recording.
    pub gaps: u64,
}

/// Returns the days from `from` to `to`, both included, and the totals of all days. If the range is longer than
/// [`LONGEST_RANGE`], returns its newest days.
///
/// Reads one document per month of the range plus one. Their size does not depend on the size of the catalogue.
pub async fn summary(checkpoints: &dyn Checkpoints, from: Date, to: Date) -> Result<Summary, Fault> {
    let (total, _) = load::<DaysTotal>(checkpoints, TOTAL).await?;
    let back = std::iter::successors(Some(to), |day| day.yesterday().ok());
    let mut names: Vec<String> = back.take(LONGEST_RANGE).take_while(|day| *day >= from).map(month_of).collect();
    names.dedup();
    let mut days = Vec::new();
    for name in names.iter().rev() {
        let (month, _) = load::<Month>(checkpoints, name).await?;
        let wanted = month.days.iter().filter(|(date, _)| (from..=to).contains(*date));
        days.extend(wanted.map(|(date, row)| Day::from_tally(*date, row.as_of, &row.tally)));
    }
    days.drain(..days.len().saturating_sub(LONGEST_RANGE));
    let DaysTotal { as_of, counted_since, is_whole, mut sum, .. } = total;
    let expiries = std::mem::take(&mut sum.expiries).into_iter().collect();
    let outlook = sum.outlook.take().filter(|_| is_whole).map(OutlookCounts::from_outlook);
    Ok(Summary { as_of, counted_since, is_whole, totals: Totals::from_tally(sum), days, expiries, outlook })
}

impl OutlookCounts {
    fn from_outlook(outlook: Outlook) -> Self {
        let Outlook { due, held, troubles } = outlook;
        let count = |trouble: Trouble| Some((trouble, *troubles.get(trouble.name())?));
        Self { due, held, troubles: Trouble::ALL.into_iter().filter_map(count).collect() }
    }
}

impl Day {
    fn from_tally(date: Date, as_of: Timestamp, tally: &Tally) -> Self {
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
    fn from_tally(sum: Tally) -> Self {
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
