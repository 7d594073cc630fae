//! Interface to the functions processing replayed input.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::outcome::ReplayResult;
use crate::ports::Fault;

/// Functions as seen by a replay: the same bytes are parsed in the same way and have the same effect.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Returns the glimpses of a function's input, at least one.
    fn look(&self, origin: &str, raw: &[u8]) -> Vec<InputSummary>;

    /// Splits a dead-letter file into events, in either schema.
    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>>;

    /// Foresees the result of processing an input of a function, or of a dead letter if `origin` is `None`, as far as the
    /// input and the configuration show that it would be ignored or would stay. Returns `None` if only processing tells.
    fn foresee(&self, origin: Option<&str>, raw: &[u8]) -> Option<ReplayResult> {
        let _ = (origin, raw);
        None
    }

    /// Processes the input of a function. After an error, a retry may succeed.
    async fn take(&self, origin: &str, raw: &[u8]) -> Result<ReplayResult, Fault>;

    /// Processes an undelivered event, for any function.
    async fn take_letter(&self, raw: &[u8]) -> Result<ReplayResult, Fault>;
}

/// Summary of an input before processing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputSummary {
    /// Event type, or another kind of input.
    pub kind: Option<String>,
    /// Subject: the blob name, if there is one.
    pub name: Option<String>,
}

/// Undelivered event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<'a> {
    /// Raw bytes of the event.
    pub raw: &'a [u8],
    /// Summary of the event.
    pub summary: InputSummary,
    /// Time at which delivery was given up, else the event time. `None` if neither is known.
    pub at: Option<Timestamp>,
    /// Reason for giving up the delivery; empty if unknown.
    pub reason: String,
}
