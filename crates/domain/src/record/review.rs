//! Reviews: a person watched a recording and says what came of it.

use jiff::Timestamp;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::hold::Actor;
use crate::named;

/// Outcome of a recording without a counted review, in conditions and shown forms.
pub const NO_REVIEW: &str = "none";

/// Outcome of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum ReviewOutcome {
    /// Nothing objectionable.
    Ok,
    /// Something to follow up.
    Finding,
}

named!(ReviewOutcome: ALL, name, parse);

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
}
