//! Row of a bastion: last signs of life, and coverage of its sessions by period and week.

use domain::address::Printable;
use domain::record::estate::BastionName;
use domain::words;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pipeline::query::BastionStatus;
use pipeline::summary::{BastionDays, DayOfBastion};

use crate::clock::{PageClock, PageTime};
use crate::text::segment;

/// Days of access left from which it is a warning; a week is critical.
const FEW_DAYS: i64 = 30;

/// Status of one bastion.
pub(crate) struct StatusRow {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) recorded: Option<PageTime>,
    pub(crate) newest: Option<PageTime>,
    pub(crate) read: Option<PageTime>,
    pub(crate) access: Option<Access>,
    pub(crate) week: CoverageCell,
    pub(crate) month: CoverageCell,
    pub(crate) findings: Option<usize>,
    pub(crate) weeks: Vec<CoverageCell>,
}

/// Days of access left.
pub(crate) struct Access {
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}

/// Coverage of a period.
pub(crate) struct CoverageCell {
    /// One of five steps, from `none` to `full`.
    pub(crate) heat: &'static str,
    pub(crate) text: String,
    pub(crate) title: String,
    /// Sessions of the period without a recording.
    pub(crate) path: Option<String>,
}

impl StatusRow {
    pub(crate) fn from_status(status: &BastionStatus, days: &BastionDays, weeks: &[Date], clock: &PageClock) -> Self {
        let bastion = &status.bastion;
        let of_week = |monday: &Date| {
            let sunday = monday.saturating_add(Span::new().days(6));
            CoverageCell::from_counts(days.sum(bastion, *monday, sunday), Some((bastion, *monday, sunday)))
        };
        let today = TimeZone::UTC.to_datetime(clock.now()).date();
        let recent = |counts, days: i64| {
            CoverageCell::from_counts(counts, Some((bastion, today.saturating_sub(Span::new().days(days - 1)), today)))
        };
        Self {
            name: Printable(bastion.as_str()).to_string(),
            path: format!("/ui/recordings?bastion={}", segment(bastion.as_str())),
            recorded: status.last_recording.map(|at| clock.age(at)),
            newest: status.newest_record.map(|at| clock.age(at)),
            read: status.log_read_to.map(|at| clock.age(at)),
            access: status.access_days.map(Access::from_days),
            week: recent(status.week, 7),
            month: recent(status.month, 30),
            findings: status.findings,
            weeks: weeks.iter().map(of_week).collect(),
        }
    }
}

impl Access {
    fn from_days(days: i64) -> Self {
        let tone = match days {
            ..0 => "bad",
            0..=7 => "bad",
            8..=FEW_DAYS => "warn",
            _ => "",
        };
        Self { tone, text: if days < 0 { "ended".to_owned() } else { format!("{days} d") } }
    }
}

impl CoverageCell {
    fn from_counts(counts: Option<DayOfBastion>, period: Option<(&BastionName, Date, Date)>) -> Self {
        let Some(DayOfBastion { sessions, gaps, coverage }) = counts else {
            return Self { heat: "unknown", text: "–".to_owned(), title: "not counted yet".to_owned(), path: None };
        };
        let title = format!(
            "{} of {} recorded, {} without a recording, {sessions} in all",
            coverage.recorded,
            words::count(coverage.recordable, "recordable session"),
            gaps
        );
        let Some(percent) = coverage.percent() else {
            return Self { heat: "unknown", text: "·".to_owned(), title, path: None };
        };
        let heat = match percent {
            100 => "full",
            95.. => "high",
            80.. => "middle",
            50.. => "low",
            _ => "none",
        };
        let path = period.filter(|_| gaps > 0).map(|(bastion, from, to)| {
            // Counted days are those of UTC.
            let after = to.saturating_add(Span::new().days(1));
            let range = format!("from={from}T00:00:00Z&to={after}T00:00:00Z");
            format!("/ui/sessions?bastion={}&without_recording=true&{range}", segment(bastion.as_str()))
        });
        Self { heat, text: percent.to_string(), title, path }
    }
}

#[cfg(test)]
mod tests {
    use domain::record::session::SessionCoverage;

    use super::*;

    fn cell(recorded: u64, recordable: u64) -> CoverageCell {
        let coverage = SessionCoverage { recorded, recordable };
        CoverageCell::from_counts(
            Some(DayOfBastion { sessions: recordable, gaps: recordable - recorded, coverage }),
            None,
        )
    }

    #[test]
    fn only_a_whole_week_of_recordings_is_full() {
        let heats = [(999, 1000), (10, 10), (8, 10), (0, 3)].map(|(recorded, of)| cell(recorded, of).heat);
        assert_eq!(heats, ["high", "full", "middle", "none"]);
    }

    #[test]
    fn an_uncounted_period_is_not_shown_as_nought() {
        let uncounted = CoverageCell::from_counts(None, None);
        assert_eq!((uncounted.text.as_str(), uncounted.title.as_str()), ("–", "not counted yet"));
        assert_eq!(cell(0, 0).text, "·");
    }
}
