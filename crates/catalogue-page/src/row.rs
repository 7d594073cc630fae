//! Table rows of recordings and sessions.

use std::borrow::Cow;

use domain::address::Printable;
use pipeline::view::{FactsView, RecordingView, RetentionView, SessionView};

use crate::clock::{PageClock, PageTime};
use crate::text::{self, UNKNOWN, readable, segment};

pub(crate) struct RecordingRow<'a>(pub(crate) &'a RecordingView<'a>);

pub(crate) struct SessionRow<'a>(pub(crate) &'a SessionView);

impl<'a> RecordingRow<'a> {
    pub(crate) fn path(&self) -> String {
        format!("/ui/recordings/{}", self.0.id)
    }

    pub(crate) fn name(&self) -> Printable<'a> {
        Printable(self.0.name)
    }

    pub(crate) fn bastion(&self) -> Printable<'a> {
        Printable(self.0.bastion)
    }

    /// Full id and name, for the hover text.
    pub(crate) fn identity(&self) -> String {
        format!("{} {}", self.0.id, self.name())
    }

    pub(crate) fn is_created_known(&self) -> bool {
        self.0.created_at.is_some()
    }

    pub(crate) fn created(&self, clock: &PageClock) -> PageTime {
        clock.time_if(self.0.created_at)
    }

    /// Returns the day of the creation, for the page of the day.
    pub(crate) fn day(&self, clock: &PageClock) -> Option<String> {
        self.0.created_at.map(|at| clock.day(at).to_string())
    }

    /// Facts of the certain session, or of the failed login.
    fn facts(&self) -> Option<&'a FactsView> {
        self.0.session.as_ref().map(|joined| &joined.facts).or(self.0.attempt.as_ref())
    }

    pub(crate) fn machine(&self) -> Option<String> {
        self.facts()?.machine().map(|machine| Printable(&machine).to_string())
    }

    pub(crate) fn machine_path(&self) -> String {
        self.facts().and_then(FactsView::machine).as_deref().map(text::machine_path).unwrap_or_default()
    }

    pub(crate) fn account(&self) -> Option<Printable<'a>> {
        self.facts()?.user_name.as_deref().map(Printable)
    }

    pub(crate) fn length(&self) -> String {
        text::length(self.0.duration_ms)
    }

    pub(crate) fn person(&self) -> Option<Printable<'a>> {
        self.0.person.map(Printable)
    }

    pub(crate) fn person_path(&self) -> String {
        self.0.person.map(text::person_path).unwrap_or_default()
    }

    /// Reason why no person is shown.
    pub(crate) fn no_person(&self) -> String {
        match self.0.candidates.len() {
            0 => "not known".to_owned(),
            1 => "not certain".to_owned(),
            count => format!("one of {count}"),
        }
    }

    pub(crate) fn matching(&self) -> &'static str {
        self.0.matching
    }

    pub(crate) fn state(&self) -> &'static str {
        self.0.state
    }

    pub(crate) fn is_held(&self) -> bool {
        !self.0.holds.is_empty()
    }

    pub(crate) fn stays(&self, clock: &PageClock) -> Option<String> {
        if let Some(deletion) = &self.0.deletion {
            return Some(format!("gone {}", clock.minute(deletion.at)));
        }
        self.0.retention.as_ref().map(stays)
    }
}

/// Last day of retention, in short.
fn stays(retention: &RetentionView<'_>) -> String {
    match (retention.delete_after, retention.then) {
        (Some(day), "review") => format!("{day}, then review"),
        (Some(day), _) => day.to_string(),
        (None, _) => "for ever".to_owned(),
    }
}

impl<'a> SessionRow<'a> {
    pub(crate) fn path(&self) -> String {
        format!("/ui/sessions/{}/{}", segment(&self.0.bastion), segment(&self.0.facts.tunnel_id))
    }

    pub(crate) fn is_start_known(&self) -> bool {
        self.0.facts.started_at.is_some()
    }

    /// Returns the start, or the end if the start is unknown.
    pub(crate) fn began(&self, clock: &PageClock) -> PageTime {
        clock.time_if(self.0.facts.started_at.or(self.0.facts.ended_at))
    }

    pub(crate) fn bastion(&self) -> Printable<'a> {
        Printable(&self.0.bastion)
    }

    /// Returns the day of the start, for the page of the day.
    pub(crate) fn day(&self, clock: &PageClock) -> Option<String> {
        self.0.facts.started_at.map(|at| clock.day(at).to_string())
    }

    pub(crate) fn length(&self) -> String {
        text::length(self.0.facts.duration_ms)
    }

    pub(crate) fn person(&self) -> Option<Printable<'a>> {
        self.0.facts.user_email.as_deref().map(Printable)
    }

    pub(crate) fn person_path(&self) -> String {
        self.0.facts.user_email.as_deref().map(text::person_path).unwrap_or_default()
    }

    pub(crate) fn account(&self) -> Option<Printable<'a>> {
        self.0.facts.user_name.as_deref().map(Printable)
    }

    pub(crate) fn machine(&self) -> Option<String> {
        self.0.facts.machine().map(|machine| Printable(&machine).to_string())
    }

    pub(crate) fn machine_path(&self) -> String {
        self.0.facts.machine().as_deref().map(text::machine_path).unwrap_or_default()
    }

    pub(crate) fn state(&self) -> &'static str {
        self.0.state
    }

    /// Full id of the recording.
    pub(crate) fn recording(&self) -> Option<String> {
        self.0.recording_id.map(|id| id.to_string())
    }

    pub(crate) fn gap(&self) -> Option<String> {
        let gap = self.0.gap.as_ref()?;
        Some(match gap.one_of.len() {
            0 => gap_cause(gap.cause),
            count => format!("one of {count} has none"),
        })
    }
}

pub(crate) fn recordings<'a>(views: &'a [RecordingView<'a>]) -> Vec<RecordingRow<'a>> {
    views.iter().map(RecordingRow).collect()
}

pub(crate) fn sessions(views: &[SessionView]) -> Vec<SessionRow<'_>> {
    views.iter().map(SessionRow).collect()
}

/// Returns the cause of a missing recording in words.
pub(crate) fn gap_cause(name: &str) -> String {
    if name == "unknown" { "cause unknown".to_owned() } else { readable(name) }
}

/// Returns the text, or the placeholder if it is unknown.
pub(crate) fn optional(text: Option<&str>) -> Cow<'_, str> {
    text.map_or(Cow::Borrowed(UNKNOWN), |text| Printable(text).text())
}
