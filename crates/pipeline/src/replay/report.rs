//! What a replay says of what it met.

use jiff::Timestamp;

use super::intake::{Glimpse, Taken};
use crate::ports::Fault;

/// What became of everything that was wanted.
#[derive(Debug, Default)]
pub struct Replayed {
    /// Every item, in the order in which they were met.
    pub items: Vec<Item>,
    /// How many files, messages and inputs left their place.
    pub removed: usize,
    /// Whether more is there than was looked at: the limit was reached, or too much failed.
    pub has_more: bool,
    /// What could not be removed although it was taken: it is met again, and changes nothing then.
    pub left_over: Vec<String>,
    /// Why the run ended before its time, where a listing failed after something had been done.
    pub broken_off: Option<String>,
}

/// One thing that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it was.
    pub source: Source,
    /// What it is called there.
    pub id: String,
    /// When it was given up or put aside.
    pub at: Timestamp,
    /// Why; empty where nobody said.
    pub reason: String,
    /// What can be seen of it. Of several events in one input, the first that is wanted.
    pub glimpse: Glimpse,
    /// What became of it.
    pub fate: Fate,
}

/// Where an item was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A file of dead letters.
    DeadLetter,
    /// A notification that was given up.
    Notification,
    /// A poison queue, or what the host gave up and is in quarantine by now.
    Poison,
    /// Quarantine.
    Quarantine,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: it would be replayed.
    Waits,
    /// It changed something, and that is saved.
    Applied,
    /// It is on its way once more.
    Queued,
    /// It changed nothing, for this reason, and never will.
    Ignored(&'static str),
    /// It cannot be taken, for this reason: it stays.
    Refused(String),
    /// It could not be taken now, for this reason: it stays.
    Failed(String),
}

impl Fate {
    /// Whether its place is needed no longer.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Applied | Self::Queued | Self::Ignored(_))
    }
}

impl From<Result<Taken, Fault>> for Fate {
    fn from(taken: Result<Taken, Fault>) -> Self {
        match taken {
            Ok(Taken::Applied) => Self::Applied,
            Ok(Taken::Queued) => Self::Queued,
            Ok(Taken::Ignored(reason)) => Self::Ignored(reason),
            Ok(Taken::Refused(reason)) => Self::Refused(reason),
            Err(fault) => Self::Failed(fault.to_string()),
        }
    }
}
