//! The public form of the catalogue, version 1: what `--json`, exports and the read API show.
//!
//! Every key is always there. What the archivist does not find out yet is null or empty, so a reader need
//! not tell an older archivist from a newer one by its keys. Times are cut to whole seconds, those of the audit log
//! are as exact as there.

pub mod advice;
mod confirmed;
mod custody;
mod detail;
mod gaps;
mod habits;
mod offsets;
mod recording;
mod session;
mod summary;
mod undecided;

pub use confirmed::ConfirmedView;
pub use custody::{ApprovalView, DeletionView, HeldView, RetentionView, TombstoneView};
pub use detail::{ChangeView, DetailView, PendingView, RefusalView};
pub use gaps::{BastionGapView, GapsView};
pub use habits::{BastionView, BastionsView, ExplainedView, NamesView, ShareView, UsualOffsetView};
pub use offsets::OffsetsView;
pub use recording::RecordingView;
pub use session::{FactsView, GapView, JoinedView, RecordsView, SessionDetailView, SessionView};
pub use summary::{ClassView, DayView, ExpiryView, SummaryView, TotalsView};
pub use undecided::UndecidedView;

use domain::estate::Estate;
use jiff::Timestamp;
use serde::Serialize;

use crate::query::{Cursor, Page, SessionCursor, SessionPage};

/// A page of recordings, as lists show it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageView<'a> {
    /// The recordings, newest first.
    pub items: Vec<RecordingView<'a>>,
    /// Where to go on; null after the last page.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_cursor: Option<Cursor>,
}

impl<'a> PageView<'a> {
    /// The public form of a page that was found, as it is now.
    pub fn of(page: &'a Page, estate: &Estate, now: Timestamp) -> Self {
        let items = page.items.iter().map(|entry| RecordingView::of(entry, estate, now)).collect();
        Self { items, next_cursor: page.next_cursor }
    }
}

/// A page of sessions, as lists show it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionPageView {
    /// The sessions, newest first.
    pub items: Vec<SessionView>,
    /// Where to go on; null after the last page.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_cursor: Option<SessionCursor>,
}

impl SessionPageView {
    /// The public form of a page that was found.
    pub fn of(page: &SessionPage) -> Self {
        let items = page.items.iter().map(SessionView::of).collect();
        Self { items, next_cursor: page.next_cursor.clone() }
    }
}
