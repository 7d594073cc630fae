//! Public form of reviews and of the queue of reviews.

use domain::record::blob::whole_second;
use domain::record::catalogue::Entry;
use domain::record::review_mark::{ReviewMark, ReviewValidity};
use jiff::Timestamp;
use serde::Serialize;

use crate::recording_review::{ReviewQueue, ReviewQueueItem};

/// One review of a recording by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewView<'a> {
    /// Outcome: `ok` or `finding`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["ok", "finding"])))]
    pub outcome: &'static str,
    /// Reviewer.
    pub by: &'a str,
    /// True if the name of the reviewer was verified by a sign-in.
    pub verified: bool,
    /// Time of the review.
    pub at: Timestamp,
    /// Ticket with the follow-up.
    pub ticket: Option<&'a str>,
    /// Note of the reviewer.
    pub note: Option<&'a str>,
    /// ETag of the content that was reviewed; null if unknown.
    pub etag: Option<&'a str>,
    /// True if the review counts: it is of the present content, and the session cannot be the reviewer's own.
    pub counts: bool,
    /// Reason why the review does not count: `own_session` if the recording shows, or may show, the reviewer's own
    /// session, `earlier_content` if the recording was overwritten after the review; null if it counts.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["own_session", "earlier_content", null])))]
    pub not_counted: Option<&'static str>,
}

impl<'a> ReviewView<'a> {
    /// Returns the public form of all reviews of an entry, oldest first.
    pub fn all_of(entry: &'a Entry) -> Vec<Self> {
        entry.reviews.iter().map(|mark| Self::from_mark(entry, mark)).collect()
    }

    /// Returns the reason why the review does not count, for people. `None` if it counts.
    pub fn not_counted_in_words(&self) -> Option<&'static str> {
        self.not_counted.map(|why| match why {
            "own_session" => "it may be their own session",
            _ => "it is of an earlier content",
        })
    }

    fn from_mark(entry: &Entry, mark: &'a ReviewMark) -> Self {
        let validity = entry.validity_of(mark);
        let counts = validity == ReviewValidity::Counts;
        Self {
            outcome: mark.outcome.name(),
            by: &mark.by.name,
            verified: mark.by.is_verified,
            at: mark.at,
            ticket: mark.ticket.as_deref(),
            note: mark.note.as_deref(),
            etag: mark.content.as_ref().map(|content| content.etag.as_str()),
            counts,
            not_counted: (!counts).then(|| validity.name()),
        }
    }
}

/// Page of the recordings that a person must review, the earliest due first.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewQueueView<'a> {
    /// Recordings that wait for a review.
    pub items: Vec<ReviewQueueItemView<'a>>,
    /// Number of recordings that pass the filters, on all pages.
    pub total: usize,
    /// Number of them that are overdue.
    pub overdue: usize,
    /// False if not the whole catalogue was read: older recordings may be missing, and the numbers are least numbers.
    pub complete: bool,
    /// Cursor of the next page; null after the last page.
    pub next_cursor: Option<String>,
}

/// Recording that waits for a review.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewQueueItemView<'a> {
    /// Entry id of the recording.
    pub id: String,
    /// Blob name, unchanged; any text.
    pub name: &'a str,
    /// Bastion that made the recording, as configured.
    pub bastion: &'a str,
    /// Person of the session, if certain.
    pub person: Option<&'a str>,
    /// Creation of the blob, if known.
    pub created_at: Option<Timestamp>,
    /// Rule that asks for the review.
    pub rule: &'a str,
    /// Time by which the review is due.
    pub due_at: Timestamp,
    /// True if that time has passed.
    pub overdue: bool,
    /// Unknown facts that leave the condition of the rule open; empty if it holds.
    pub unknown_facts: &'a [String],
    /// Number of reviews that do not count: of an earlier content, or by a person whose own session it may be.
    pub uncounted_reviews: usize,
}

impl<'a> ReviewQueueView<'a> {
    /// Returns the public form of a page of the queue.
    pub fn from_queue(queue: &'a ReviewQueue) -> Self {
        Self {
            items: queue.items.iter().map(ReviewQueueItemView::from_item).collect(),
            total: queue.total,
            overdue: queue.overdue,
            complete: queue.is_complete,
            next_cursor: queue.next.map(|place| place.to_string()),
        }
    }
}

impl<'a> ReviewQueueItemView<'a> {
    /// Returns the public form of one recording of the queue.
    pub fn from_item(item: &'a ReviewQueueItem) -> Self {
        Self {
            id: item.place.id.to_string(),
            name: &item.name,
            bastion: item.bastion.as_str(),
            person: item.person.as_deref(),
            created_at: item.created_at,
            rule: &item.rule,
            due_at: whole_second(item.place.due_at),
            overdue: item.is_overdue,
            unknown_facts: &item.unknown_facts,
            uncounted_reviews: item.uncounted_reviews,
        }
    }
}
