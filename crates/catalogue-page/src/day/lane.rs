//! Lane of a day: bars of sessions and recordings, marks of failed logins.

use domain::words;
use jiff::Timestamp;
use pipeline::query::DayOfActivity;
use pipeline::view::{RecordingView, SessionView};

use crate::clock::PageClock;
use crate::own::Own;

/// Width of the picture, one unit per minute.
const WIDTH: i64 = 1440;
/// Width of a mark, and smallest width of a bar.
const NARROW: i64 = 8;

pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) path: Option<String>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) in_words: String,
}

pub(crate) struct Bar {
    pub(crate) kind: Own,
    pub(crate) title: String,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

impl Lane {
    pub(super) fn new(name: String, path: Option<String>, bars: Vec<Bar>) -> Self {
        let count = |kinds: &[&str]| bars.iter().filter(|bar| kinds.contains(&bar.kind.text())).count() as u64;
        let sessions = words::count(count(&["session", "gap"]), "session");
        let (gaps, failed) = (count(&["gap"]), words::count(count(&["failed"]), "failed login"));
        let recordings = words::count(count(&["recording"]), "recording");
        let in_words = format!("{sessions}, {gaps} without a recording, {recordings}, {failed}");
        Self { name, path, bars, in_words }
    }
}

impl Bar {
    pub(super) fn of_session(session: &SessionView, day: &DayOfActivity, clock: &PageClock) -> Option<Self> {
        let (from, to) = (session.facts.started_at.or(session.facts.ended_at)?, session.facts.ended_at);
        let kind = match (session.state, &session.gap) {
            ("failed", _) => "failed",
            (_, Some(_)) => "gap",
            _ => "session",
        };
        let what = match kind {
            "failed" => "Failed login",
            "gap" => "Session without a recording",
            _ => "Session",
        };
        let (y, height) = if kind == "failed" { (0, 22) } else { (2, 8) };
        Some(Self { y, height, ..Self::between((kind, what), (from, to), day, clock) })
    }

    pub(super) fn of_recording(recording: &RecordingView<'_>, day: &DayOfActivity, clock: &PageClock) -> Option<Self> {
        let to = recording.last_modified;
        Some(Self {
            y: 12,
            height: 8,
            ..Self::between(("recording", "Recording"), (recording.created_at?, to), day, clock)
        })
    }

    fn between(
        (kind, what): (&'static str, &str),
        (from, to): (Timestamp, Option<Timestamp>),
        day: &DayOfActivity,
        clock: &PageClock,
    ) -> Self {
        let x = place(from, day);
        let end = to.map_or(x, |to| place(to, day)).max(x);
        let until = to.map_or_else(|| "open".to_owned(), |to| clock.clock(to));
        let title = if kind == "failed" {
            format!("{what} {}", clock.clock(from))
        } else {
            format!("{what} {} to {until}", clock.clock(from))
        };
        let width = if kind == "failed" { NARROW } else { (end - x).max(NARROW) };
        Self { kind: Own::new(kind), title, x: x.min(WIDTH - NARROW), y: 0, width, height: 0 }
    }
}

/// Returns the minute of the day, within the picture.
fn place(at: Timestamp, day: &DayOfActivity) -> i64 {
    (at.duration_since(day.begin).as_secs() / 60).clamp(0, WIDTH)
}

#[cfg(test)]
mod tests {
    use pipeline::query::{Page, SessionPage};

    use super::*;

    #[test]
    fn a_bar_stays_within_its_day() {
        let clock = PageClock::new(Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let day = DayOfActivity {
            begin: Timestamp::UNIX_EPOCH,
            end: Timestamp::from_second(86_400).unwrap(),
            bastion: None,
            sessions: SessionPage { items: Vec::new(), next_cursor: None },
            recordings: Page::default(),
        };
        for (from, to) in [(0, Some(90_000)), (86_399, Some(86_399)), (-90, Some(60)), (43_200, None)] {
            let at = |second| Timestamp::from_second(second).unwrap();
            let bar = Bar::between(("session", "Session"), (at(from), to.map(at)), &day, &clock);
            assert!(bar.x >= 0 && bar.width >= NARROW && bar.x + bar.width <= WIDTH, "{from} {}", bar.x + bar.width);
        }
    }
}
