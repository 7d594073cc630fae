//! Who takes what is put back.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ports::Fault;

/// The functions as a replay sees them: the same bytes are read in the same way, and have the same effect.
#[async_trait]
pub trait Intake: Send + Sync {
    /// What the input of a function tells of; one glimpse at least.
    fn look(&self, origin: &str, raw: &[u8]) -> Vec<Glimpse>;

    /// The events in a file of dead letters, in either schema.
    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>>;

    /// Takes the input of a function. A fault says that the same call may succeed later.
    async fn take(&self, origin: &str, raw: &[u8]) -> Result<Taken, Fault>;

    /// Takes an event that could not be delivered, whichever function it was for.
    async fn take_letter(&self, raw: &[u8]) -> Result<Taken, Fault>;
}

/// What can be seen of an input without taking it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The type of the event, or what else it is.
    pub kind: Option<String>,
    /// What it is about: the name of a blob, where there is one.
    pub name: Option<String>,
}

/// An event that could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<'a> {
    /// Its bytes.
    pub raw: &'a [u8],
    /// What can be seen of it.
    pub glimpse: Glimpse,
    /// When its delivery was given up, else when it happened. `None` where it does not say.
    pub at: Option<Timestamp>,
    /// Why its delivery was given up; empty where it does not say.
    pub reason: String,
}

/// What became of an input that was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It changed something, and that is saved.
    Applied,
    /// It waits in the queue of its function, and is taken from there.
    Queued,
    /// It changes nothing, for this reason, and never will.
    Ignored(&'static str),
    /// It cannot be taken, for this reason: it stays.
    Refused(String),
}
