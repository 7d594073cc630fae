//! Report of a replay.

use jiff::Timestamp;

use super::intake::InputSummary;
use crate::outcome::ReplayResult;
use crate::ports::Fault;

/// Report over all wanted items.
#[derive(Debug, Default)]
pub struct Replayed {
    /// Items in the order of processing.
    pub items: Vec<ReplayItem>,
    /// Number of files, messages and inputs removed.
    pub removed: usize,
    /// True if there may be more items: the limit was reached, or too many attempts failed.
    pub has_more: bool,
    /// Errors of removing taken items. A later replay meets these items again without any effect.
    pub left_over: Vec<String>,
    /// Error that ended the run early, if a listing failed after some items were processed.
    pub broken_off: Option<String>,
}

/// Unprocessed item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayItem {
    /// Place of the item.
    pub source: ItemSource,
    /// Identifier of the item in its place.
    pub id: String,
    /// Time at which the item was given up or quarantined.
    pub at: Timestamp,
    /// Reason; empty if unknown.
    pub reason: String,
    /// Summary of the item; of several events in one input, the first.
    pub summary: InputSummary,
    /// Result of the replay.
    pub outcome: ReplayOutcome,
}

/// Place of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemSource {
    /// Dead-letter file.
    DeadLetter,
    /// Given-up notification.
    Notification,
    /// Poison queue, or a poison message in quarantine.
    Poison,
    /// Quarantine.
    Quarantine,
}

/// Result for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayOutcome {
    /// Dry run: the item would be replayed.
    Waits,
    /// Dry run: the item would change nothing, for this reason, and would be removed.
    WouldIgnore(&'static str),
    /// Dry run: the item could not be processed, for this reason, and would stay.
    WouldStay(String),
    /// The item changed something, which is saved.
    Applied,
    /// The item was queued again.
    Queued,
    /// The item changes nothing, now or later, for this reason.
    Ignored(&'static str),
    /// The item cannot be processed, for this reason, and stays.
    Refused(String),
    /// The attempt failed for now, for this reason; the item stays.
    Failed(String),
}

impl ReplayOutcome {
    /// Returns true if the item can be removed from its place.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Applied | Self::Queued | Self::Ignored(_))
    }
}

impl From<Option<ReplayResult>> for ReplayOutcome {
    /// Outcome of a foreseen result in a dry run.
    fn from(foreseen: Option<ReplayResult>) -> Self {
        match foreseen {
            Some(ReplayResult::Ignored(reason)) => Self::WouldIgnore(reason),
            Some(ReplayResult::Refused(reason)) => Self::WouldStay(reason),
            Some(ReplayResult::Applied | ReplayResult::Queued) | None => Self::Waits,
        }
    }
}

impl From<Result<ReplayResult, Fault>> for ReplayOutcome {
    fn from(taken: Result<ReplayResult, Fault>) -> Self {
        match taken {
            Ok(ReplayResult::Applied) => Self::Applied,
            Ok(ReplayResult::Queued) => Self::Queued,
            Ok(ReplayResult::Ignored(reason)) => Self::Ignored(reason),
            Ok(ReplayResult::Refused(reason)) => Self::Refused(reason),
            Err(fault) => Self::Failed(fault.to_string()),
        }
    }
}
