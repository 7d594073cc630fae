//! Public form of the summary of the catalogue.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::summary::{Day, Summary, Totals};

/// Summary of the catalogue in numbers. A sweep updates it hourly.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryView<'a> {
    /// Time of the last count; null if nothing was counted yet.
    pub as_of: Option<Timestamp>,
    /// True once every day has been counted; until then the totals are too low.
    pub complete: bool,
    /// Sum over all days.
    pub totals: TotalsView<'a>,
    /// Counted days of the range, oldest first.
    pub days: Vec<DayView>,
    /// Expiries per week, oldest first, without recordings under legal hold.
    pub expiries: Vec<ExpiryView>,
}

/// Sum over all days.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotalsView<'a> {
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
    /// Recordings by state.
    pub by_state: &'a BTreeMap<String, u64>,
    /// Recordings by verdict on their session.
    pub by_match: &'a BTreeMap<String, u64>,
    /// Ambiguous recordings by reason, as in `undecided.reason` of a recording. Verdicts of earlier releases count as
    /// `not_judged`.
    pub undecided: &'a BTreeMap<String, u64>,
    /// Recordings still stored, by retention class.
    pub by_class: Vec<ClassView<'a>>,
}

/// Stored recordings of a retention class.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassView<'a> {
    /// Class name; null for recordings without a class yet.
    pub class: Option<&'a str>,
    /// Number of recordings.
    pub count: u64,
    /// Total size in bytes.
    pub bytes: u64,
}

/// Counts of a UTC day.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayView {
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

/// Expiries of a week.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpiryView {
    /// Monday of the week.
    pub week: Date,
    /// Number of recordings.
    pub count: u64,
    /// Total size in bytes.
    pub bytes: u64,
}

impl<'a> SummaryView<'a> {
    /// Returns the public form of a summary.
    pub fn from_summary(summary: &'a Summary) -> Self {
        let expiries = summary.expiries.iter();
        Self {
            as_of: summary.as_of,
            complete: summary.is_whole,
            totals: TotalsView::from_totals(&summary.totals),
            days: summary.days.iter().map(DayView::from_day).collect(),
            expiries: expiries
                .map(|(week, lot)| ExpiryView { week: *week, count: lot.count, bytes: lot.bytes })
                .collect(),
        }
    }
}

impl<'a> TotalsView<'a> {
    fn from_totals(totals: &'a Totals) -> Self {
        let classes = totals.by_class.iter();
        let class = |(class, lot): &'a (Option<String>, _)| class_view(class.as_deref(), lot);
        Self {
            recordings: totals.recordings,
            bytes: totals.bytes,
            held: totals.held,
            sessions: totals.sessions,
            gaps: totals.gaps,
            by_state: &totals.by_state,
            by_match: &totals.by_match,
            undecided: &totals.undecided,
            by_class: classes.map(class).collect(),
        }
    }
}

fn class_view<'a>(class: Option<&'a str>, lot: &crate::summary::Lot) -> ClassView<'a> {
    ClassView { class, count: lot.count, bytes: lot.bytes }
}

impl DayView {
    fn from_day(day: &Day) -> Self {
        let Day { date, as_of, recordings, bytes, matched, ambiguous, unmatched, sessions, gaps } = *day;
        Self { date, as_of, recordings, bytes, matched, ambiguous, unmatched, sessions, gaps }
    }
}
