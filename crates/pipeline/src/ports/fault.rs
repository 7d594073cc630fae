//! What went wrong at a port.

use std::error::Error;
use std::fmt;

use jiff::SignedDuration;

use super::Outage;

/// A failure of a port: the object concerned, whether a retry helps, and the adapter's own error as source.
#[derive(Debug)]
pub struct Fault {
    /// Whether and when a retry helps.
    pub kind: FaultKind,
    object: String,
    outage: Option<Outage>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Whether a retry helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It does: a timeout, throttling, a dead service.
    Transient {
        /// How long the other side asked us to wait.
        retry_after: Option<SignedDuration>,
    },
    /// It does once somebody mends the cause: a missing permission, a lease on the blob.
    Refused,
    /// It does not.
    Permanent,
}

impl Fault {
    /// A failure that a retry can mend. `object` reads well after "failed to": `read blob "x"`.
    pub fn transient(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind: FaultKind::Transient { retry_after: None },
            object: object.into(),
            outage: None,
            source: Some(source.into()),
        }
    }

    /// A refusal that somebody may mend.
    pub fn refused(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Refused, object: object.into(), outage: None, source: Some(source.into()) }
    }

    /// A failure that no retry mends.
    pub fn permanent(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Permanent, object: object.into(), outage: None, source: Some(source.into()) }
    }

    /// The same failure, whose cause is not the object.
    pub fn because(self, outage: Outage) -> Self {
        Self { outage: Some(outage), ..self }
    }

    /// The cause, if everything else fails for it as well.
    pub fn outage(&self) -> Option<&Outage> {
        self.outage.as_ref()
    }

    /// The same failure, with the time that the other side asked us to wait.
    pub fn retry_after(mut self, wait: SignedDuration) -> Self {
        self.kind = FaultKind::Transient { retry_after: Some(wait) };
        self
    }
}

impl Fault {
    /// Whether the cause directly behind this failure is an error of type `E`.
    pub fn is_because_of<E: Error + 'static>(&self) -> bool {
        self.source.as_deref().and_then(|source| source.downcast_ref::<E>()).is_some()
    }
}

/// The object and every cause behind it, in one line; only the outage if there is one.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to {}", self.object)?;
        if let Some(outage) = &self.outage {
            return write!(f, ": {outage}");
        }
        self.source.as_deref().map_or(Ok(()), |source| write!(f, ": {}", with_causes(source)))
    }
}

/// An error with every cause behind it, in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
