//! Results of processing one input, and of one pass.

use domain::named;
use strum::IntoStaticStr;

/// Result of successfully processed input. A failure is a [`crate::ports::Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The input changed something, which is saved.
    Applied,
    /// The input changed nothing, for this reason.
    Ignored(Ignored),
}

/// Reason an input changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Ignored {
    /// The storage account is not configured.
    ForeignAccount,
    /// The container is not configured.
    ForeignContainer,
    /// The container is in another store than the catalogue was made from.
    StrangeStore,
    /// No recordings depend on the resource.
    ForeignResource,
    /// Everything in the input was known.
    AlreadyKnown,
    /// The attempt was made before, is being made, or must wait.
    AttemptNotDue,
    /// The channel is no longer configured.
    ChannelNotConfigured,
}

named!(Ignored: label);

/// Counts of one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Due entries.
    pub due: usize,
    /// Due sessions.
    pub sessions: usize,
    /// Changed entries.
    pub changed: usize,
    /// Failed entries, sessions and poison messages; a later pass retries them.
    pub failed: usize,
    /// Deliveries queued again after their message was lost.
    pub recalled: usize,
    /// Quarantined inputs announced for the first time.
    pub announced: usize,
    /// Poison messages moved into quarantine.
    pub rescued: usize,
    /// Facts appended to the ledger.
    pub recorded: usize,
    /// True if the pass ended early; the next one continues.
    pub unfinished: bool,
}

/// Result of processing a replayed input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayResult {
    /// The input changed something, which is saved.
    Applied,
    /// The input waits in the queue of its function.
    Queued,
    /// The input changes nothing, now or later, for this reason.
    Ignored(&'static str),
    /// The input cannot be processed, for this reason, and stays.
    Refused(String),
}
