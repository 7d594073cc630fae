//! Result of processing one input.

/// Result of successfully processed input. A failure is a [`crate::ports::Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The input changed something, which is saved.
    Applied,
    /// The input changed nothing, for this reason.
    Ignored(Ignored),
}

/// Reason an input changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Ignored {
    /// Returns the name used in metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::ForeignAccount => "foreign_account",
            Self::ForeignContainer => "foreign_container",
            Self::StrangeStore => "strange_store",
            Self::ForeignResource => "foreign_resource",
            Self::AlreadyKnown => "already_known",
            Self::AttemptNotDue => "attempt_not_due",
            Self::ChannelNotConfigured => "channel_not_configured",
        }
    }
}
