//! Stored reviews of a recording.

use jiff::Timestamp;
use strum::IntoStaticStr;

use super::blob::ETag;
use super::hold::Actor;
use super::ledger::Sha256;
use super::review::ReviewOutcome;
use crate::named;

/// Number of reviews kept per entry: the first and the latest ones, so that the size of an entry has a limit. The ledger
/// has all.
pub const REVIEWS_KEPT: usize = 4;

/// One review of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewMark {
    /// Outcome.
    pub outcome: ReviewOutcome,
    /// Reviewer.
    pub by: Actor,
    /// Time of the mark.
    pub at: Timestamp,
    /// Ticket with the follow-up.
    pub ticket: Option<String>,
    /// Note of the reviewer.
    pub note: Option<String>,
    /// Content that was reviewed. `None` if it is unknown; the review then does not count.
    pub content: Option<ReviewedContent>,
}

/// Content of a recording at the time of its review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedContent {
    /// ETag.
    pub etag: ETag,
    /// Hash, if it was known.
    pub sha256: Option<Sha256>,
}

/// Whether a stored review counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ReviewValidity {
    /// It counts.
    Counts,
    /// The recording shows, or may show, a session of the reviewer.
    OwnSession,
    /// The blob was overwritten afterwards, or the reviewed content is unknown.
    EarlierContent,
}

named!(ReviewValidity: name);
