//! Overview page: counts, charts, newest recordings and attention list.

mod attention;
mod troubles;

use askama::Template;
use domain::words;
use pipeline::summary::{DayOfBastion, Summary};
use pipeline::view::PageView;

pub use self::attention::Noticed;
use self::attention::{AttentionItem, attention, counted};
use crate::chart::{Bars, ColumnCounts, Shares};
use crate::row::{self, RecordingRow, optional};
use crate::text::{UNKNOWN, grouped, segment};
use crate::{Frame, NavigationEntry};

/// Number of weeks in the chart of expiring recordings.
const WEEKS: usize = 26;

/// Overview page.
#[derive(Template)]
#[template(path = "overview.html")]
pub struct OverviewPage<'a> {
    frame: Frame,
    tiles: Vec<Tile>,
    attention: Vec<AttentionItem>,
    recent: Vec<RecordingRow<'a>>,
    charts: Vec<Bars>,
    bytes: Shares,
    counted: Option<String>,
    today: String,
}

struct Tile {
    tone: &'static str,
    value: String,
    label: String,
    path: &'static str,
}

impl<'a> OverviewPage<'a> {
    /// Creates the page from the counts, the coverage of 30 days, the findings and the newest recordings.
    pub fn new(
        frame: Frame,
        summary: &Summary,
        covered: Option<DayOfBastion>,
        noticed: &Noticed<'_>,
        recent: &'a PageView<'a>,
    ) -> Self {
        Self {
            tiles: tiles(summary, covered),
            attention: attention(summary, noticed, &frame.clock),
            today: frame.clock.today().to_string(),
            recent: row::recordings(&recent.items),
            charts: vec![days(summary), expiries(summary, &frame)],
            bytes: bytes(summary),
            counted: summary.as_of.map(|at| {
                let whole = if summary.is_whole { "" } else { "; not every day has been counted yet" };
                format!("{}{whole}", frame.clock.minute(at))
            }),
            frame,
        }
    }
}

fn tiles(summary: &Summary, covered: Option<DayOfBastion>) -> Vec<Tile> {
    let totals = &summary.totals;
    let tile = |tone, value, label: &str, path| match summary.as_of {
        Some(_) => Tile { tone, value, label: label.to_owned(), path },
        None => Tile { tone: "", value: UNKNOWN.to_owned(), label: format!("{label}, not counted yet"), path },
    };
    let some = |count: u64, tone: &'static str| if count == 0 { "" } else { tone };
    let (ambiguous, expiring) = (counted(&totals.by_match, "ambiguous"), counted(&totals.by_state, "expiring"));
    let (tone, percent, label) = coverage(covered);
    vec![
        tile("", grouped(totals.recordings), "recordings", "/ui/recordings"),
        tile("", words::size(totals.bytes), "stored", "/ui/recordings"),
        tile("", grouped(totals.sessions), "sessions", "/ui/sessions"),
        Tile { tone, value: percent, label: label.to_owned(), path: "/ui/bastions" },
        tile(some(totals.gaps, "warning"), grouped(totals.gaps), "sessions without a recording", "/ui/gaps"),
        tile(some(ambiguous, "warning"), grouped(ambiguous), "ambiguous", "/ui/recordings?match=ambiguous"),
        tile("", grouped(totals.held), "under legal hold", "/ui/recordings?held=true"),
        tile(some(expiring, "warning"), grouped(expiring), "expiring", "/ui/deletions"),
    ]
}

/// Returns tone, value and label of the coverage of 30 days.
fn coverage(covered: Option<DayOfBastion>) -> (&'static str, String, &'static str) {
    match covered.map(|covered| covered.coverage.percent()) {
        None => ("", UNKNOWN.to_owned(), "recorded in 30 days, not counted yet"),
        Some(None) => ("", UNKNOWN.to_owned(), "recorded in 30 days: no recordable session"),
        Some(Some(percent)) => {
            let tone = if percent < 100 { "warning" } else { "" };
            (tone, format!("{percent} %"), "recorded in 30 days")
        }
    }
}

fn days(summary: &Summary) -> Bars {
    let day = |day: &pipeline::summary::Day| ColumnCounts {
        label: day.date.to_string(),
        short: day.date.strftime("%b %-d").to_string(),
        path: format!("/ui/days/{}", day.date),
        values: vec![day.sessions, day.recordings],
    };
    Bars::new(
        "Sessions and recordings per day",
        "Day",
        vec!["sessions", "recordings"],
        summary.days.iter().map(day).collect(),
    )
}

fn expiries(summary: &Summary, frame: &Frame) -> Bars {
    let today = frame.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ahead = summary.expiries.iter().skip_while(|(week, _)| week.saturating_add(jiff::Span::new().days(6)) < today);
    let week = |(week, lot): &(jiff::civil::Date, pipeline::summary::Lot)| ColumnCounts {
        label: format!("week of {week}"),
        short: week.strftime(if week.year() == today.year() { "%b %-d" } else { "%b %-d %Y" }).to_string(),
        path: NavigationEntry::Deletions.path().to_owned(),
        values: vec![lot.count],
    };
    Bars::new("Recordings that expire, by week", "Week", vec!["recordings"], ahead.take(WEEKS).map(week).collect())
}

fn bytes(summary: &Summary) -> Shares {
    let row = |(class, lot): &(Option<String>, pipeline::summary::Lot)| {
        let label =
            class.as_deref().map_or_else(|| "no class yet".to_owned(), |class| optional(Some(class)).into_owned());
        let value = format!("{} in {}", words::size(lot.bytes), words::count(lot.count, "recording"));
        let path = class.as_deref().map(|class| format!("/ui/recordings?class={}", segment(class)));
        (label, lot.bytes, value, path)
    };
    Shares::new("Bytes by class", summary.totals.by_class.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn uncounted_totals_are_not_shown_as_nought() {
        let never = tiles(&Summary::default(), None);
        assert!(never.iter().all(|tile| tile.value == UNKNOWN && tile.label.ends_with("not counted yet")));
        let counted = Summary { as_of: Some(Timestamp::UNIX_EPOCH), ..Summary::default() };
        let shown = tiles(&counted, Some(DayOfBastion::default()));
        assert_eq!((shown[0].value.as_str(), shown[3].value.as_str()), ("0", UNKNOWN));
        assert_eq!(shown[3].label, "recorded in 30 days: no recordable session");
    }
}
