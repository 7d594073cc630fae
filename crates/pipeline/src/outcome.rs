//! How an input ended.

/// What became of one input that did not fail. A failure is a [`crate::ports::Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It changed something, and that is saved.
    Applied,
    /// It changed nothing, for this reason.
    Ignored(Ignored),
}

/// Why an input changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// The storage account is not in the configuration.
    ForeignAccount,
    /// The container is not in the configuration.
    ForeignContainer,
    /// The container is not in the store that the catalogue was made from.
    StrangeStore,
    /// The resource is not one that recordings depend on.
    ForeignResource,
    /// Everything it says was known.
    AlreadyKnown,
    /// The attempt was made before, is being made, or waits for its time.
    AttemptNotDue,
    /// The channel has been taken out of the configuration.
    ChannelNotConfigured,
}

impl Ignored {
    /// The name under which it is counted.
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
