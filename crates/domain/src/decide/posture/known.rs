//! Represents facts and unreadable facts.

/// Fact, or the reason why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaybeKnown<T> {
    /// The fact was read.
    Read(T),
    /// The fact could not be read, for this reason. The text continues "not checked, because".
    NotReadable(String),
}

impl<T> MaybeKnown<T> {
    /// Creates an unreadable fact.
    pub fn unread(because: impl Into<String>) -> Self {
        Self::NotReadable(because.into())
    }

    /// Borrows the fact.
    pub fn as_ref(&self) -> MaybeKnown<&T> {
        match self {
            Self::Read(value) => MaybeKnown::Read(value),
            Self::NotReadable(because) => MaybeKnown::NotReadable(because.clone()),
        }
    }

    /// Returns the fact if it was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::NotReadable(_) => None,
        }
    }

    /// Converts the fact if it was read.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> MaybeKnown<U> {
        match self {
            Self::Read(value) => MaybeKnown::Read(with(value)),
            Self::NotReadable(because) => MaybeKnown::NotReadable(because),
        }
    }

    /// Chains a second fact, which depends on this one and may be unreadable too.
    pub fn and_then<U>(self, with: impl FnOnce(T) -> MaybeKnown<U>) -> MaybeKnown<U> {
        match self {
            Self::Read(value) => with(value),
            Self::NotReadable(because) => MaybeKnown::NotReadable(because),
        }
    }
}

impl<T> MaybeKnown<Option<T>> {
    /// Returns the contained value. If it is absent, the result is unreadable for the reason `absent`.
    pub fn present(&self, absent: &str) -> MaybeKnown<&T> {
        self.as_ref().and_then(|thing| match thing {
            Some(thing) => MaybeKnown::Read(thing),
            None => MaybeKnown::unread(absent),
        })
    }
}
