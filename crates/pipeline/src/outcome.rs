//! Result of processing one input.

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
