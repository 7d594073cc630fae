//! Coming deletions by bastion and class, as last counted.

use jiff::Span;
use jiff::civil::Date;

use crate::query::FORESEEN_DAYS;
use crate::summary::{OutlookCounts, week_of};

/// Days of the nearer period.
const SOON_DAYS: i64 = 30;

/// Recordings that retention ends soon, by bastion and class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastView<'a> {
    /// Last day of the nearer period: the Sunday after 30 days, because expiries are counted by week.
    pub soon: Date,
    /// Last day of the farther period: the Sunday after 90 days.
    pub later: Date,
    /// Rows by bastion and class.
    pub rows: Vec<ForecastRow<'a>>,
    /// Sum of the rows.
    pub sum: ForecastRow<'a>,
}

/// Recordings of a bastion and class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ForecastRow<'a> {
    /// Name of the bastion.
    pub bastion: &'a str,
    /// Retention class.
    pub class: &'a str,
    /// Recordings whose last day is in an earlier week, and that are still stored.
    pub past: u64,
    /// Recordings whose last day is in the nearer period, without past ones.
    pub soon: u64,
    /// Recordings whose last day is in the farther period, without past ones; includes the nearer one.
    pub later: u64,
}

impl<'a> ForecastView<'a> {
    /// Sums the counts as of `today`.
    pub fn from_counts(counts: &'a OutlookCounts, today: Date) -> Self {
        let monday = week_of(today);
        let sunday =
            |days: i64| week_of(today.saturating_add(Span::new().days(days))).saturating_add(Span::new().days(6));
        let (soon, later) = (sunday(SOON_DAYS), sunday(FORESEEN_DAYS));
        let mut view = Self { soon, later, rows: Vec::new(), sum: ForecastRow::default() };
        let classes = counts.due.iter().flat_map(|(bastion, classes)| classes.iter().map(move |one| (bastion, one)));
        for (bastion, (class, weeks)) in classes {
            let count = |is_in: &dyn Fn(Date) -> bool| {
                weeks.iter().filter(|(week, _)| is_in(**week)).map(|(_, count)| count).sum()
            };
            let row = ForecastRow {
                bastion,
                class,
                past: count(&|week| week < monday),
                soon: count(&|week| (monday..=soon).contains(&week)),
                later: count(&|week| (monday..=later).contains(&week)),
            };
            view.sum.past += row.past;
            view.sum.soon += row.soon;
            view.sum.later += row.later;
            if row.past + row.later > 0 {
                view.rows.push(row);
            }
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_summed_into_past_and_two_periods() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        // 2026-03-04 is a Wednesday: its week begins on March 2; the periods end on April 5 and June 7.
        let weeks = [("2026-02-23", 1), ("2026-03-02", 2), ("2026-03-30", 4), ("2026-04-06", 8), ("2026-06-01", 16)];
        let weeks = weeks.into_iter().chain([("2026-06-08", 32)]).map(|(week, count)| (day(week), count)).collect();
        let due = [("hub".to_owned(), [("brief".to_owned(), weeks)].into())].into();
        let counts = OutlookCounts { due, ..OutlookCounts::default() };
        let view = ForecastView::from_counts(&counts, day("2026-03-04"));
        assert_eq!((view.soon, view.later), (day("2026-04-05"), day("2026-06-07")));
        let row = ForecastRow { bastion: "hub", class: "brief", past: 1, soon: 6, later: 30 };
        assert_eq!(view.rows, [row]);
        assert_eq!((view.sum.past, view.sum.soon, view.sum.later), (1, 6, 30));
    }
}
