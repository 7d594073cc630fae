//! Sessions of a range of days, if every day of it was counted.

use jiff::Timestamp;
use jiff::civil::Date;

use super::bastions::{BastionDays, bastion_days};
use super::day::{begin_of, day_of};
use super::stored::{DaysTotal, TOTAL, load};
use crate::ports::{Checkpoints, Fault};

/// Counted sessions of a range of days.
pub(crate) struct CoveredDays {
    /// Counts by bastion and day.
    pub days: BastionDays,
    /// First day of the range.
    pub first: Date,
    /// Last day of the range, or the last one that has been counted if the range is not over. `None` if a day before it
    /// was not counted, or not after it was over.
    pub counted_to: Option<Date>,
}

/// Reads the days from `first` to `last`. Days after `now` are left out, and so is today until it is counted.
///
/// A day without a document had no sessions only if a later round over all days passed it. Costs one read per hundred
/// days and one more.
pub(crate) async fn covered_days(
    checkpoints: &dyn Checkpoints,
    first: Date,
    last: Date,
    now: Timestamp,
) -> Result<CoveredDays, Fault> {
    let days = bastion_days(checkpoints, first, last).await?;
    let (total, _) = load::<DaysTotal>(checkpoints, TOTAL).await?;
    let rounds_since = total.counted_since.filter(|_| total.is_whole);
    let today = day_of(now);
    let newest = match days.counted_at(today) {
        Some(_) => Some(today),
        None => today.yesterday().ok(),
    };
    let end = newest.map(|newest| newest.min(last)).filter(|end| *end >= first);
    let is_counted = |day: Date| {
        let over = day.tomorrow().map_or(Timestamp::MAX, begin_of);
        let counted = days.counted_at(day);
        counted.is_some_and(|at| at >= over || day == today) || rounds_since.is_some_and(|since| since >= over)
    };
    let counted_to = end.filter(|end| {
        let range = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| day <= end);
        range.into_iter().all(is_counted)
    });
    Ok(CoveredDays { days, first, counted_to })
}
