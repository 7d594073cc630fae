//! A fact, or why nobody knows it.

/// A fact, or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// It was read.
    Read(T),
    /// It was not, for this reason; it reads well after "not checked, because".
    NotReadable(String),
}

impl<T> Known<T> {
    /// A fact that could not be read.
    pub fn unread(because: impl Into<String>) -> Self {
        Self::NotReadable(because.into())
    }

    /// The same by reference.
    pub fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Read(value) => Known::Read(value),
            Self::NotReadable(because) => Known::NotReadable(because.clone()),
        }
    }

    /// The fact, where it was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::NotReadable(_) => None,
        }
    }

    /// Another fact that follows from this one.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Read(value) => Known::Read(with(value)),
            Self::NotReadable(because) => Known::NotReadable(because),
        }
    }

    /// Another fact that needs this one and may itself not be known.
    pub fn and_then<U>(self, with: impl FnOnce(T) -> Known<U>) -> Known<U> {
        match self {
            Self::Read(value) => with(value),
            Self::NotReadable(because) => Known::NotReadable(because),
        }
    }
}

impl<T> Known<Option<T>> {
    /// The thing itself; where there is none, this is why that is not known.
    pub fn present(&self, absent: &str) -> Known<&T> {
        self.as_ref().and_then(|thing| match thing {
            Some(thing) => Known::Read(thing),
            None => Known::unread(absent),
        })
    }
}
