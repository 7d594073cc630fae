//! What there is, in short.

use askama::Template;
use domain::words;
use pipeline::query::Gaps;
use pipeline::summary::Summary;
use pipeline::view::PageView;

use crate::chart::{Bars, Shares};
use crate::gaps::Stopped;
use crate::row::{self, RecordingRow, optional};
use crate::text::{grouped, minute};
use crate::{Frame, Place};

/// How many days the chart of days has, and how many weeks that of what expires.
const WEEKS: usize = 26;

/// What there is, in short.
#[derive(Template)]
#[template(path = "overview.html")]
pub struct OverviewPage<'a> {
    frame: Frame,
    tiles: Vec<Tile>,
    attention: Vec<Item>,
    recent: Vec<RecordingRow<'a>>,
    charts: Vec<Bars>,
    bytes: Shares,
    counted: Option<String>,
}

/// What is to be noticed, as it was found.
pub struct Noticed<'a> {
    /// What is missing.
    pub gaps: &'a Gaps,
    /// Of the recordings that may be of several sessions, the newest few.
    pub ambiguous: &'a PageView<'a>,
    /// Of those that people are warned of, the newest few.
    pub expiring: &'a PageView<'a>,
}

struct Tile {
    tone: &'static str,
    value: String,
    label: &'static str,
    path: &'static str,
}

struct Item {
    tone: &'static str,
    what: String,
    advice: String,
    path: &'static str,
}

impl<'a> OverviewPage<'a> {
    /// The page of what was counted, what is to be noticed, and the newest recordings.
    pub fn new(frame: Frame, summary: &Summary, noticed: &Noticed<'_>, recent: &'a PageView<'a>) -> Self {
        Self {
            tiles: tiles(summary),
            attention: attention(noticed),
            recent: row::recordings(&recent.items),
            charts: vec![days(summary), expiries(summary, &frame)],
            bytes: bytes(summary),
            counted: summary.as_of.map(|at| {
                let whole = if summary.is_whole { "" } else { "; not every day has been counted yet" };
                format!("{} UTC{whole}", minute(at))
            }),
            frame,
        }
    }
}

fn tiles(summary: &Summary) -> Vec<Tile> {
    let totals = &summary.totals;
    let count = |of: &std::collections::BTreeMap<String, u64>, name: &str| of.get(name).copied().unwrap_or(0);
    let tile = |tone, value, label, path| Tile { tone, value, label, path };
    let some = |count: u64, tone: &'static str| if count == 0 { "" } else { tone };
    let (ambiguous, expiring) = (count(&totals.by_match, "ambiguous"), count(&totals.by_state, "expiring"));
    vec![
        tile("", grouped(totals.recordings), "recordings", "/ui/recordings"),
        tile("", words::size(totals.bytes), "stored", "/ui/recordings"),
        tile("", grouped(totals.sessions), "sessions", "/ui/sessions"),
        tile(some(totals.gaps, "warning"), grouped(totals.gaps), "sessions without a recording", "/ui/gaps"),
        tile(some(ambiguous, "warning"), grouped(ambiguous), "ambiguous", "/ui/recordings?match=ambiguous"),
        tile("", grouped(totals.held), "under legal hold", "/ui/recordings?held=true"),
        tile(some(expiring, "warning"), grouped(expiring), "expiring", "/ui/recordings?state=expiring"),
    ]
}

fn attention(noticed: &Noticed<'_>) -> Vec<Item> {
    let Noticed { gaps, ambiguous, expiring } = noticed;
    let mut items: Vec<Item> = gaps
        .bastions
        .iter()
        .map(Stopped)
        .map(|gap| Item {
            tone: "critical",
            what: gap.what(),
            advice: format!("Last: {}. To do: {}.", gap.last(), gap.advice()),
            path: "/ui/gaps",
        })
        .collect();
    let mut some = |count: usize, more: bool, what: &str, advice: &str, path| {
        if count > 0 || more {
            let at_least = if more { " or more" } else { "" };
            let what = format!("{}{at_least}", words::count(count.try_into().unwrap_or(u64::MAX), what));
            items.push(Item { tone: "warning", what, advice: advice.to_owned(), path });
        }
    };
    let (sessions, recordings) = (&gaps.sessions, &gaps.recordings);
    some(
        sessions.items.len(),
        sessions.next_cursor.is_some(),
        "unrecorded session",
        "Nobody can watch what was done in them.",
        "/ui/gaps",
    );
    some(
        recordings.items.len(),
        recordings.next_cursor.is_some(),
        "unmatched recording",
        "No audit log tells who is on them.",
        "/ui/gaps",
    );
    some(
        ambiguous.items.len(),
        ambiguous.next_cursor.is_some(),
        "ambiguous recording",
        "Several sessions fit; nobody is named on a guess.",
        "/ui/recordings?match=ambiguous",
    );
    some(
        expiring.items.len(),
        expiring.next_cursor.is_some(),
        "expiring recording",
        "On the way out: a legal hold still stops it.",
        "/ui/recordings?state=expiring",
    );
    items
}

fn days(summary: &Summary) -> Bars {
    let day = |day: &pipeline::summary::Day| {
        (day.date.to_string(), day.date.strftime("%b %-d").to_string(), vec![day.sessions, day.recordings])
    };
    Bars::new(
        "Sessions and recordings per day",
        "Day",
        vec!["sessions", "recordings"],
        summary.days.iter().map(day).collect(),
    )
}

fn expiries(summary: &Summary, frame: &Frame) -> Bars {
    let today = frame.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let ahead = summary.expiries.iter().skip_while(|(week, _)| week.saturating_add(jiff::Span::new().days(6)) < today);
    let week = |(week, lot): &(jiff::civil::Date, pipeline::summary::Lot)| {
        (format!("week of {week}"), week.strftime("%b %-d").to_string(), vec![lot.count])
    };
    Bars::new("Recordings that expire, by week", "Week", vec!["recordings"], ahead.take(WEEKS).map(week).collect())
}

fn bytes(summary: &Summary) -> Shares {
    let row = |(class, lot): &(Option<String>, pipeline::summary::Lot)| {
        let label = class.as_deref().map_or_else(|| "no class yet".to_owned(), |class| optional(Some(class)));
        let value = format!("{} in {}", words::size(lot.bytes), words::count(lot.count, "recording"));
        (label, lot.bytes, value)
    };
    Shares::new("Bytes by class", summary.totals.by_class.iter().map(row).collect())
}
