//! Reviews of a recording.

use domain::address::Printable;
use pipeline::view::ReviewView;

use crate::clock::{PageClock, PageTime};

/// Row of one review.
pub(super) struct ReviewRow {
    pub at: PageTime,
    pub outcome: &'static str,
    pub by: String,
    pub is_verified: bool,
    /// Reason why the review does not count.
    pub not_counted: Option<&'static str>,
    pub ticket: Option<String>,
    pub note: Option<String>,
}

impl ReviewRow {
    pub(super) fn from_view(review: &ReviewView<'_>, clock: &PageClock) -> Self {
        let text = |text: Option<&str>| text.map(|text| Printable(text).to_string());
        Self {
            at: clock.time(review.at),
            outcome: review.outcome,
            by: Printable(review.by).to_string(),
            is_verified: review.verified,
            not_counted: review.not_counted_in_words(),
            ticket: text(review.ticket),
            note: text(review.note),
        }
    }
}
