//! Timeline picture of a recording and its sessions.

use domain::policy::join::AT_ONCE;
use jiff::Timestamp;
use pipeline::view::RecordingView;

use crate::clock::PageClock;
use crate::own::Own;

const WIDTH: i64 = 480;
/// Vertical distance between bars.
const STEP: i64 = 44;
/// Space above the first bar.
const ABOVE: i64 = 22;
/// Space below the bars, for the tick labels.
const BELOW: i64 = 22;
/// Left and right margin, as a fraction (1/12) of the width.
const MARGIN: i64 = 12;
/// Number of intervals between ticks.
const TICKS: i64 = 3;
/// Maximum number of sessions shown; more would add no information.
const SESSIONS: usize = 6;

pub(crate) struct Timeline {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) bars: Vec<TimelineBar>,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) in_words: String,
}

pub(crate) struct TimelineBar {
    pub(crate) kind: Own,
    pub(crate) label: Own,
    pub(crate) title: String,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
}

/// Labelled time on the axis.
pub(crate) struct Tick {
    pub(crate) x: i64,
    pub(crate) label: String,
}

struct Span {
    kind: &'static str,
    label: &'static str,
    from: Timestamp,
    to: Timestamp,
    is_open: bool,
}

impl Timeline {
    /// Lays out the timeline of a recording. Returns `None` if its times are not known.
    pub(crate) fn from_recording(recording: &RecordingView<'_>, clock: &PageClock) -> Option<Self> {
        let (from, to) = (recording.created_at?, recording.last_modified?);
        let is_open = recording.settled_at.is_none();
        let label = label(recording, from, to);
        let mut spans = vec![Span { kind: "recording", label, from, to: to.max(from), is_open }];
        let certain = recording.session.iter().map(|session| ("Session", session));
        let candidates = recording.candidates.iter().map(|candidate| ("May be this session", candidate));
        for (label, joined) in certain.chain(candidates).take(SESSIONS) {
            let facts = &joined.facts;
            let Some(from) = facts.started_at else { continue };
            let to = facts.ended_at.unwrap_or(to).max(from);
            spans.push(Span { kind: "session", label, from, to, is_open: facts.ended_at.is_none() });
        }
        let first = spans.iter().map(|span| span.from).min()?;
        let last = spans.iter().map(|span| span.to).max()?;
        let seconds = last.duration_since(first).as_secs().max(1);
        let x = |at: Timestamp| place(at.duration_since(first).as_secs(), seconds);
        let rows = i64::try_from(spans.len()).ok()?;
        let titles: Vec<String> = spans.iter().map(|span| span.in_words(clock)).collect();
        let in_words = titles.join(". ");
        let bars = spans.iter().zip(titles).zip(0..).map(|((span, title), row)| TimelineBar {
            kind: Own::new(span.kind),
            label: Own::new(span.label),
            title,
            x: x(span.from),
            y: ABOVE + STEP * row,
            width: (x(span.to) - x(span.from)).max(3),
        });
        let ticks = (0..=TICKS).filter_map(|nth| {
            let at = first.as_second() + seconds * nth / TICKS;
            let label = clock.clock(Timestamp::from_second(at).ok()?);
            Some(Tick { x: place(at - first.as_second(), seconds), label })
        });
        let height = ABOVE + STEP * rows + BELOW;
        Some(Self { width: WIDTH, height, bars: bars.collect(), ticks: ticks.collect(), in_words })
    }
}

/// Label of the recording's bar. A recording written at once shows its upload time, unless its session was written
/// live.
fn label(recording: &RecordingView<'_>, from: Timestamp, to: Timestamp) -> &'static str {
    let is_at_once = recording.settled_at.is_some() && to.duration_since(from) <= AT_ONCE;
    match recording.session.as_ref().map(|session| session.written) {
        Some("at_end") if is_at_once => "Upload of the recording",
        None if is_at_once => "Recording, written at once",
        _ => "Recording",
    }
}

impl Span {
    fn in_words(&self, clock: &PageClock) -> String {
        let end = if self.is_open { "still open at" } else { "to" };
        format!("{} from {} {end} {}", self.label, clock.second(self.from), clock.second(self.to))
    }
}

/// Horizontal position of a moment `after` seconds after the start of a range of `seconds`.
fn place(after: i64, seconds: i64) -> i64 {
    let margin = WIDTH / MARGIN;
    margin + (WIDTH - 2 * margin) * after / seconds
}
