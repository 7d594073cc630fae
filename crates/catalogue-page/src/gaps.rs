//! Page of the gaps: missing recordings, missing sessions, stopped bastions.

use std::collections::BTreeMap;

use askama::Template;
use domain::address::Printable;
use pipeline::query::{BastionGap, Gaps, Silence};
use pipeline::view::{GapsView, advice};

use crate::clock::PageClock;
use crate::row::{self, RecordingRow, SessionRow, gap_cause};
use crate::text::sentence;
use crate::{Frame, NavigationEntry};

/// Gaps page.
#[derive(Template)]
#[template(path = "gaps.html")]
pub struct GapsPage<'a> {
    frame: Frame,
    bastions: Vec<Stopped<'a>>,
    sessions: Vec<SessionRow<'a>>,
    sessions_more: bool,
    advice: BTreeMap<String, String>,
    recordings: Vec<RecordingRow<'a>>,
    recordings_more: bool,
    of_recordings: String,
}

/// Bastion that stopped recording or logging.
pub(crate) struct Stopped<'a>(pub(crate) &'a BastionGap);

impl<'a> GapsPage<'a> {
    /// Creates the page from the gaps and their public view.
    pub fn new(frame: Frame, gaps: &'a Gaps, view: &'a GapsView<'a>) -> Self {
        let causes = gaps.sessions.items.iter().filter_map(|found| found.entry.gap.as_ref()).map(|gap| &gap.cause);
        Self {
            frame,
            bastions: gaps.bastions.iter().map(Stopped).collect(),
            sessions: row::sessions(&view.sessions.items),
            sessions_more: view.sessions.next_cursor.is_some(),
            advice: causes.map(|cause| (gap_cause(cause.name()), sentence(advice::of_cause(cause)))).collect(),
            recordings: row::recordings(&view.recordings.items),
            recordings_more: view.recordings.next_cursor.is_some(),
            of_recordings: sentence(advice::OF_RECORDINGS),
        }
    }
}

impl Stopped<'_> {
    pub(crate) fn what(&self) -> String {
        let bastion = Printable(self.0.bastion.as_str());
        match self.0.silence {
            Silence::Recording => format!("Bastion {bastion} stopped recording"),
            Silence::AuditLog => format!("The audit log of bastion {bastion} has stopped"),
        }
    }

    pub(crate) fn last(&self, clock: &PageClock) -> String {
        clock.minute_if(self.0.last)
    }

    pub(crate) fn advice(&self) -> &'static str {
        advice::of_silence(self.0.silence)
    }
}
