//! Lane of a day: bars of sessions and recordings, marks of failed logins.

use domain::words;
use jiff::{SignedDuration, Timestamp};
use pipeline::query::DayOfActivity;
use pipeline::view::{RecordingView, SessionView};

use crate::clock::PageClock;
use crate::own::Own;

/// Width of the picture, one unit per minute.
const WIDTH: i64 = 1440;
/// Width of the mark of a failed login.
const NARROW: i64 = 8;
/// Smallest width of a bar.
const VISIBLE: i64 = 4;
/// Width of the notch of a bar that goes on over midnight, and smallest width of such a bar.
const NOTCH: i64 = 6;
/// Time after which an open session does not count as running.
const LONGEST_OPEN: SignedDuration = SignedDuration::from_hours(24);

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
    /// Notches of the cut ends, as the path of a picture.
    pub(crate) cut: String,
}

impl Lane {
    pub(super) fn new(name: String, path: Option<String>, bars: Vec<Bar>) -> Self {
        let count = |kinds: &[&str]| bars.iter().filter(|bar| kinds.contains(&bar.kind.text())).count() as u64;
        let sessions = words::count(count(&["session", "gap"]), "session");
        let (gaps, failed) = (count(&["gap"]), words::count(count(&["failed"]), "failed login"));
        let recordings = words::count(count(&["recording"]), "recording");
        let over = bars.iter().filter(|bar| !bar.cut.is_empty()).count();
        let over = if over > 0 { format!(", {over} over midnight") } else { String::new() };
        let in_words = format!("{sessions}, {gaps} without a recording, {recordings}, {failed}{over}");
        Self { name, path, bars, in_words }
    }
}

impl Bar {
    pub(super) fn of_session(session: &SessionView, day: &DayOfActivity, clock: &PageClock) -> Option<Self> {
        let from = session.facts.started_at.or(session.facts.ended_at)?;
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
        let place = if kind == "failed" { (0, 22) } else { (2, 8) };
        let runs = session.state == "open" && clock.now().duration_since(from) < LONGEST_OPEN;
        let end = match session.facts.ended_at {
            Some(at) => End::At(at),
            None if runs => End::Open(clock.now()),
            None => End::Open(from),
        };
        Some(Self::between((kind, what), place, (from, end), day, clock))
    }

    pub(super) fn of_recording(recording: &RecordingView<'_>, day: &DayOfActivity, clock: &PageClock) -> Option<Self> {
        // An uploaded recording is written at once, after its session.
        let session = recording.session.as_ref().filter(|_| recording.duration_from == Some("session"));
        let session = session.and_then(|session| session.facts.started_at.zip(session.facts.ended_at));
        let created = recording.created_at?;
        let (from, to) = session.unwrap_or((created, recording.last_modified.unwrap_or(created)));
        Some(Self::between(("recording", "Recording"), (12, 8), (from, End::At(to)), day, clock))
    }

    fn between(
        (kind, what): (&'static str, &str),
        (y, height): (i64, i64),
        (from, end): (Timestamp, End),
        day: &DayOfActivity,
        clock: &PageClock,
    ) -> Self {
        let to = end.at().max(from);
        let (is_cut_before, is_cut_after) = (from < day.begin, day.end < to);
        let shown = |at: Timestamp| if is_cut_before || is_cut_after { clock.minute(at) } else { clock.clock(at) };
        let until = match end {
            End::At(_) => shown(to),
            End::Open(_) => "open".to_owned(),
        };
        let mut title = match kind {
            "failed" => format!("{what} {}", shown(from)),
            _ => format!("{what} {} to {until}", shown(from)),
        };
        title.extend(is_cut_before.then_some("; began on the day before"));
        title.extend(is_cut_after.then_some("; goes on after midnight"));
        let notches = i64::from(is_cut_before) + i64::from(is_cut_after);
        let narrowest = if kind == "failed" { NARROW } else { VISIBLE + NOTCH * notches };
        let x = place(from, day).min(WIDTH - narrowest);
        let width = (place(to, day) - x).max(narrowest);
        let notch = |x: i64, inward: i64| format!("M{x} {y}l{} {}l{} {}z", inward, height / 2, -inward, height / 2);
        let cut = [is_cut_before.then(|| notch(x, NOTCH)), is_cut_after.then(|| notch(x + width, -NOTCH))];
        Self { kind: Own::new(kind), title, x, y, width, height, cut: cut.into_iter().flatten().collect() }
    }
}

/// End of a bar.
#[derive(Debug, Clone, Copy)]
enum End {
    /// Known end.
    At(Timestamp),
    /// End of a session that is still open, as far as it is drawn.
    Open(Timestamp),
}

impl End {
    fn at(self) -> Timestamp {
        match self {
            Self::At(at) | Self::Open(at) => at,
        }
    }
}

/// Returns the place of a time in the picture, whose width is the day: 23 or 25 hours where the clock changes.
fn place(at: Timestamp, day: &DayOfActivity) -> i64 {
    let length = day.end.duration_since(day.begin).as_secs().max(1);
    (at.duration_since(day.begin).as_secs().clamp(0, length) * WIDTH) / length
}

#[cfg(test)]
mod tests {
    use pipeline::query::{Page, SessionPage};

    use super::*;

    /// Returns the bar of a session between two seconds of a day.
    fn bar(from: i64, to: i64) -> Bar {
        let clock = PageClock::new(Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let day = DayOfActivity {
            begin: Timestamp::UNIX_EPOCH,
            end: Timestamp::from_second(86_400).unwrap(),
            bastion: None,
            sessions: SessionPage { items: Vec::new(), next_cursor: None },
            recordings: Page::default(),
        };
        let [from, to] = [from, to].map(|second| Timestamp::from_second(second).unwrap());
        Bar::between(("session", "Session"), (2, 8), (from, End::At(to)), &day, &clock)
    }

    #[test]
    fn a_bar_stays_within_its_day() {
        for (from, to) in [(0, 90_000), (86_399, 86_399), (-90, 60), (43_200, 0), (-90_000, 90_000), (86_399, 86_401)] {
            let bar = bar(from, to);
            assert!(bar.x >= 0 && bar.width >= VISIBLE && bar.x + bar.width <= WIDTH, "{from} {}", bar.x + bar.width);
        }
    }

    #[test]
    fn a_bar_is_as_long_as_its_session() {
        let lengths = [(0, 86_400), (3_600, 7_200), (3_600, 3_601)].map(|(from, to)| bar(from, to).width);
        assert_eq!(lengths, [1440, 60, VISIBLE]);
        assert!(bar(3_600, 7_200).cut.is_empty());
    }

    #[test]
    fn a_bar_over_midnight_is_cut_with_a_notch_and_says_so() {
        let (begun, going) = (bar(-600, 3_600), bar(82_800, 90_000));
        assert_eq!((begun.cut.as_str(), begun.width), ("M0 2l6 4l-6 4z", 60));
        assert_eq!((going.cut.as_str(), going.width), ("M1440 2l-6 4l6 4z", 60));
        assert_eq!(begun.title, "Session 1969-12-31 23:50 to 1970-01-01 01:00; began on the day before");
        assert!(going.title.ends_with("1970-01-02 01:00; goes on after midnight"), "{}", going.title);
    }
}
