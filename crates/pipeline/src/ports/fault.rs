//! Errors of the ports.

use std::error::Error;
use std::fmt;

use jiff::SignedDuration;

use super::Outage;

/// Error of a port: the object concerned, the use of a retry, and the adapter's own error as source.
#[derive(Debug)]
pub struct Fault {
    /// Kind of error, which decides on a retry.
    pub kind: FaultKind,
    object: String,
    outage: Option<Outage>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Use of a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A retry can succeed: timeout, throttling, service down.
    Transient {
        /// Wait requested by the service.
        retry_after: Option<SignedDuration>,
    },
    /// A retry succeeds once the cause is fixed: a missing permission, a lease on the blob.
    Refused,
    /// No retry succeeds.
    Permanent,
}

impl Fault {
    /// Returns an error fixed by a retry. `object` must read well after "failed to": `read blob "x"`.
    pub fn transient(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind: FaultKind::Transient { retry_after: None },
            object: object.into(),
            outage: None,
            source: Some(source.into()),
        }
    }

    /// Returns a refusal that stands until its cause is fixed.
    pub fn refused(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Refused, object: object.into(), outage: None, source: Some(source.into()) }
    }

    /// Returns an error not fixed by any retry.
    pub fn permanent(object: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Permanent, object: object.into(), outage: None, source: Some(source.into()) }
    }

    /// Returns this error with `outage` as its cause instead of the object.
    pub fn because(self, outage: Outage) -> Self {
        Self { outage: Some(outage), ..self }
    }

    /// Returns the outage behind this error, if there is one.
    pub fn outage(&self) -> Option<&Outage> {
        self.outage.as_ref()
    }

    /// Returns this error as transient, with the wait requested by the service.
    pub fn retry_after(mut self, wait: SignedDuration) -> Self {
        self.kind = FaultKind::Transient { retry_after: Some(wait) };
        self
    }
}

impl Fault {
    /// Returns true if the direct source of this error has type `E`.
    pub fn is_because_of<E: Error + 'static>(&self) -> bool {
        self.source.as_deref().and_then(|source| source.downcast_ref::<E>()).is_some()
    }
}

/// One line with the object and all causes; only the outage if there is one.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to {}", self.object)?;
        if let Some(outage) = &self.outage {
            return write!(f, ": {outage}");
        }
        self.source.as_deref().map_or(Ok(()), |source| write!(f, ": {}", with_causes(source)))
    }
}

/// Formats an error and all its causes in one line.
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
