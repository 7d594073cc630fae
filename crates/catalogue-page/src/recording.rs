//! Page of one recording.

mod accesses;
mod keeping;
mod reviewed;
mod who;

use std::borrow::Cow;

use askama::Template;
use domain::address::Printable;
use domain::policy::retention::{Explanation, Policy, facts_of_entry};
use domain::record::catalogue::Entry;
use pipeline::view::{ChangeView, DetailView, RecordingView};

use self::accesses::AccessList;
use self::keeping::{HoldRow, Keeping, RuleRow, rules};
use self::reviewed::ReviewRow;
use self::who::SessionRowView;
use crate::clock::{PageClock, PageTime};
use crate::fact::FactRow;
use crate::row::{RecordingRow, optional};
use crate::text::{self, readable};
use crate::timeline::Timeline;
use crate::{Frame, NavigationEntry};

/// Page of one recording, with its match, retention and history.
#[derive(Template)]
#[template(path = "recording.html")]
pub struct RecordingPage<'a> {
    frame: Frame,
    row: RecordingRow<'a>,
    timeline: Option<Timeline>,
    facts: Vec<FactRow<'a>>,
    who: String,
    sessions: Vec<SessionRowView<'a>>,
    keeping: Option<Keeping<'a>>,
    rules: Vec<RuleRow>,
    holds: Vec<HoldRow>,
    reviews: Vec<ReviewRow>,
    review_command: Option<String>,
    warnings: Vec<String>,
    deletion: Option<String>,
    notices: Vec<(&'static str, &'static str)>,
    portal: Option<String>,
    hold_command: Option<String>,
    tags: Vec<(Printable<'a>, Printable<'a>)>,
    accesses: AccessList,
    history: Vec<Change<'a>>,
    open: Vec<String>,
}

struct Change<'a> {
    at: PageTime,
    what: String,
    detail: Option<Cow<'a, str>>,
}

impl<'a> RecordingPage<'a> {
    /// Creates the page of an entry; `policy` is the current retention policy, which explains the rules.
    pub fn new(frame: Frame, entry: &Entry, view: &'a DetailView<'a>, policy: Option<&Policy>) -> Self {
        let recording = &view.recording;
        let rules = policy.and_then(|policy| {
            let day = policy.counted_from(entry)?.day;
            let given = entry.custody.given_class.as_deref();
            Some(facts_of_entry(entry, policy.tolerances, |facts| rules(&Explanation::new(policy, facts, given, day))))
        });
        Self {
            row: RecordingRow(recording),
            timeline: Timeline::from_recording(recording, &frame.clock),
            facts: facts(view, &frame.clock),
            who: who::with_word(recording, &frame.clock),
            sessions: who::sessions(recording, &frame.clock),
            keeping: Keeping::from_recording(recording, &frame.clock),
            rules: rules.unwrap_or_default(),
            holds: recording.holds.iter().map(|held| HoldRow::from_view(held, &frame.clock)).collect(),
            reviews: view.reviews.iter().map(|review| ReviewRow::from_view(review, &frame.clock)).collect(),
            review_command: (entry.final_at.is_some() && entry.state.is_there())
                .then(|| format!("archivist review mark {} --outcome ok", entry.id)),
            warnings: recording.warnings.iter().map(|warning| readable(warning)).collect(),
            deletion: keeping::deletion(recording, &frame.clock),
            notices: keeping::notices(recording),
            portal: recording.portal_url.clone().filter(|_| recording.deletion.is_none()),
            hold_command: keeping::hold_command(recording),
            tags: recording.tags.iter().map(|(key, value)| (Printable(key), Printable(value))).collect(),
            accesses: AccessList::from_view(view.accesses.as_ref(), &frame.clock),
            history: view.history.iter().rev().map(|change| Change::from_view(change, &frame.clock)).collect(),
            open: open(view, &frame.clock),
            frame,
        }
    }
}

fn facts<'a>(view: &'a DetailView<'_>, clock: &PageClock) -> Vec<FactRow<'a>> {
    let recording = &view.recording;
    let place = format!("{}/{}", recording.account, recording.container);
    vec![
        FactRow::untrusted("Bastion", recording.bastion),
        FactRow::at("Created", recording.created_at, clock),
        FactRow::at("Last written", recording.last_modified, clock),
        FactRow::new("Length", length(recording)),
        FactRow::new("Size", text::size(recording.size_bytes)),
        FactRow::new("Tier", optional(recording.tier)),
        FactRow::new("Stored in", Printable(&place).to_string()),
        FactRow::new("SHA-256", recording.content_sha256.clone().unwrap_or_else(|| "not computed".to_owned())),
        FactRow::new("Id", recording.id.to_string()),
    ]
}

fn length(recording: &RecordingView<'_>) -> String {
    let length = text::length(recording.duration_ms);
    match recording.duration_from {
        Some("session") => format!("{length}, that of the session: the recording was uploaded afterwards"),
        _ => length,
    }
}

impl<'a> Change<'a> {
    fn from_view(change: &'a ChangeView<'_>, clock: &PageClock) -> Self {
        let detail = change.detail.as_deref().map(|detail| Printable(detail).text());
        Self { at: clock.time(change.at), what: readable(change.what), detail }
    }
}

/// Lists pending and refused effects.
fn open(view: &DetailView<'_>, clock: &PageClock) -> Vec<String> {
    let pending = view.pending_effects.iter().map(|effect| {
        let what = effect.event.map_or_else(|| readable(effect.effect), |event| format!("notify of {event}"));
        format!("{what}, tried {} times, again at {}", effect.attempts, clock.minute(effect.retry_at))
    });
    let refused = view
        .refused_effects
        .iter()
        .map(|refusal| format!("given up {}: {}", clock.minute(refusal.at), Printable(refusal.reason)));
    pending.chain(refused).collect()
}
