//! Input that no retry can save.

use std::fmt;

use async_trait::async_trait;
use domain::digest;
use jiff::Timestamp;

use super::Fault;

/// Where raw input is kept until somebody mends the cause and replays it.
#[async_trait]
pub trait Quarantine: Send + Sync {
    /// Keeps the input. The same input from the same place is kept once, as it came first.
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault>;

    /// The input with this id.
    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault>;

    /// What was put aside at `since` or later, oldest first, at most `limit`; without the bytes.
    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// What follows this one in the order of [`since`](Self::since): put aside later, or at the same instant with a
    /// greater id. The one itself need not be there any more.
    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// What was put aside and not [announced](Self::announced) since, oldest first, at most `limit`; without the bytes.
    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// Takes note that people were told of these inputs. One that is not there changes nothing.
    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault>;

    /// Removes an input with its bytes. Whoever calls this has seen it taken; one that is not there changes nothing.
    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault>;
}

/// The id of a quarantined input, derived from its bytes and where they came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuarantineId(String);

impl QuarantineId {
    /// The id of these bytes from this place.
    pub fn derive(raw: &[u8], origin: &str) -> Self {
        let hash = digest::of(&[origin.as_bytes(), raw]);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(format!("qrn_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Reads an id that was given earlier. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("qrn_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for QuarantineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Raw input with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedInput {
    /// Its id.
    pub id: QuarantineId,
    /// The bytes as they came.
    pub raw: Vec<u8>,
    /// Why no retry can save it.
    pub reason: String,
    /// When it was put aside.
    pub at: Timestamp,
    /// Where it came from: the function that was to take it.
    pub origin: String,
}

/// What is known of a quarantined input, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineNote {
    /// Its id.
    pub id: QuarantineId,
    /// How many bytes there are.
    pub size: u64,
    /// Why no retry can save it.
    pub reason: String,
    /// When it was put aside.
    pub at: Timestamp,
    /// Where it came from.
    pub origin: String,
}

impl QuarantinedInput {
    /// The input without its bytes.
    pub fn note(&self) -> QuarantineNote {
        let Self { id, raw, reason, at, origin } = self;
        let (id, reason, origin) = (id.clone(), reason.clone(), origin.clone());
        QuarantineNote { id, size: raw.len() as u64, reason, at: *at, origin }
    }
}
