//! What there is, in numbers, as everybody outside sees it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::summary::{Day, Summary, Totals};

/// What there is, in numbers. A sweep counts once an hour.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryView<'a> {
    /// When the numbers were brought up to date last; null where nothing was ever counted.
    pub as_of: Option<Timestamp>,
    /// Whether every day has been counted at least once; until then the totals are too low.
    pub complete: bool,
    /// What all days add up to.
    pub totals: TotalsView<'a>,
    /// The days of the range of which anything was counted, oldest first.
    pub days: Vec<DayView>,
    /// What goes when, week by week, oldest first; recordings under a legal hold are left out.
    pub expiries: Vec<ExpiryView>,
}

/// What all days add up to.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotalsView<'a> {
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
    /// Recordings by their state.
    pub by_state: &'a BTreeMap<String, u64>,
    /// Recordings by what is known of their session.
    pub by_match: &'a BTreeMap<String, u64>,
    /// Ambiguous recordings by why no session is certain, as in `undecided.reason` of a recording. Those of earlier
    /// releases are `not_judged`.
    pub undecided: &'a BTreeMap<String, u64>,
    /// Those that are still stored, by their retention class.
    pub by_class: Vec<ClassView<'a>>,
}

/// What is stored of a retention class.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassView<'a> {
    /// The class; null for recordings that have none yet.
    pub class: Option<&'a str>,
    /// How many recordings.
    pub count: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// What there is of a UTC day.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayView {
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

/// What goes in a week.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpiryView {
    /// The Monday of the week.
    pub week: Date,
    /// How many recordings.
    pub count: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl<'a> SummaryView<'a> {
    /// The public form of a summary.
    pub fn of(summary: &'a Summary) -> Self {
        let expiries = summary.expiries.iter();
        Self {
            as_of: summary.as_of,
            complete: summary.is_whole,
            totals: TotalsView::of(&summary.totals),
            days: summary.days.iter().map(DayView::of).collect(),
            expiries: expiries
                .map(|(week, lot)| ExpiryView { week: *week, count: lot.count, bytes: lot.bytes })
                .collect(),
        }
    }
}

impl<'a> TotalsView<'a> {
    fn of(totals: &'a Totals) -> Self {
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
    fn of(day: &Day) -> Self {
        let Day { date, as_of, recordings, bytes, matched, ambiguous, unmatched, sessions, gaps } = *day;
        Self { date, as_of, recordings, bytes, matched, ambiguous, unmatched, sessions, gaps }
    }
}
