//! Public form of the catalogue, version 1: the output of `--json`, exports and the read API.
//!
//! Every key is always present, except for those of a search in a list without one, and accesses that were not read. Values that the archivist does not determine yet are null or empty, so a reader needs
//! no check for an older archivist. Times are truncated to whole seconds, except those of the audit log.

mod access;
pub mod advice;
mod confirmed;
mod coverage;
pub mod csv;
mod custody;
mod detail;
mod explanation;
mod forecast;
mod gaps;
mod habits;
mod hold;
mod offsets;
mod profile;
mod recording;
mod review;
mod searched;
mod session;
mod summary;
mod undecided;

pub use access::{AccessView, AccessesView, UnreadView};
pub use confirmed::ConfirmedView;
pub use coverage::{BastionCoverageView, CoverageView, FigureDefinitionView, FiguresView};
pub use custody::{ApprovalView, DeletionView, HeldView, RetentionView, TombstoneView};
pub use detail::{ChangeView, DetailView, PendingView, RefusalView};
pub use explanation::explanation_view;
pub use forecast::{ForecastRow, ForecastView};
pub use gaps::{BastionGapView, GapsView};
pub use habits::{BastionView, BastionsView, ExplainedView, NamesView, ShareView, UsualOffsetView};
pub use hold::HoldView;
pub use offsets::OffsetsView;
pub use profile::ProfileView;
pub use recording::RecordingView;
pub use review::{ReviewQueueItemView, ReviewQueueView, ReviewView};
pub use searched::{SuggestionView, UnderstoodView};
pub use session::{FactsView, GapView, JoinedView, RecordsView, SessionDetailView, SessionView};
pub use summary::{ClassView, DayView, ExpiryView, SummaryView, TotalsView};
pub use undecided::UndecidedView;

use domain::record::estate::Estate;
use jiff::Timestamp;
use serde::Serialize;

use crate::query::{Cursor, Page, Search, SessionCursor, SessionPage};

/// Page of recordings in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageView<'a> {
    /// Recordings, newest first.
    pub items: Vec<RecordingView<'a>>,
    /// Cursor of the next page; null after the last page.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_cursor: Option<Cursor>,
    /// Words of the search and their meaning; absent without a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub understood: Option<Vec<UnderstoodView>>,
    /// Words of the search that no name has, with similar ones; absent without a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<Vec<SuggestionView>>,
}

impl<'a> PageView<'a> {
    /// Returns the public form of a page as of `now`.
    pub fn from_page(page: &'a Page, estate: &Estate, now: Timestamp) -> Self {
        let items = page.items.iter().map(|entry| RecordingView::from_entry(entry, estate, now)).collect();
        Self { items, next_cursor: page.next_cursor, understood: None, suggestions: None }
    }

    /// Adds the meaning of the search that found the page, if it has words.
    #[must_use]
    pub fn searched(self, search: &Search, page: &Page) -> Self {
        if search.words().is_empty() {
            return self;
        }
        let understood = search.words().iter().map(UnderstoodView::from_word).collect();
        let suggestions = page.unknown.iter().map(SuggestionView::from_word).collect();
        Self { understood: Some(understood), suggestions: Some(suggestions), ..self }
    }
}

/// Page of sessions in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionPageView {
    /// Sessions, newest first.
    pub items: Vec<SessionView>,
    /// Cursor of the next page; null after the last page.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_cursor: Option<SessionCursor>,
}

impl SessionPageView {
    /// Returns the public form of a page.
    pub fn from_page(page: &SessionPage) -> Self {
        let items = page.items.iter().map(SessionView::from_session).collect();
        Self { items, next_cursor: page.next_cursor.clone() }
    }
}
