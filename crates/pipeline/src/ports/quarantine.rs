//! Port to quarantined input, which no retry can process.

use std::fmt;

use async_trait::async_trait;
use domain::digest;
use jiff::Timestamp;

use super::Fault;

/// Keeps raw input until the cause is fixed and the input is replayed.
#[async_trait]
pub trait Quarantine: Send + Sync {
    /// Stores the input. If the same bytes from the same origin are already stored, the first copy stays.
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault>;

    /// Returns the input with this id, if stored.
    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault>;

    /// Returns notes on input quarantined at or after `since`, oldest first, at most `limit`.
    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// Returns the notes after `last` in the order of [`since`](Self::since): later, or at the same time with a greater
    /// id. The input of `last` may be gone.
    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// Returns notes on input that was not [announced](Self::announced) yet, oldest first, at most `limit`.
    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault>;

    /// Marks inputs as announced to people. Missing ids are ignored.
    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault>;

    /// Removes an input and its bytes; a missing id is ignored. The caller must have processed the input.
    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault>;
}

/// Id of a quarantined input, derived from its bytes and origin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuarantineId(String);

impl QuarantineId {
    /// Derives the id of `raw` from `origin`.
    pub fn derive(raw: &[u8], origin: &str) -> Self {
        let hash = digest::hash_parts(&[origin.as_bytes(), raw]);
        let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
        Self(format!("qrn_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Parses an id. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("qrn_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for QuarantineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Raw input with its origin and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedInput {
    /// Id derived from bytes and origin.
    pub id: QuarantineId,
    /// Bytes as received.
    pub raw: Vec<u8>,
    /// Reason why no retry can process it.
    pub reason: String,
    /// Time of the quarantine.
    pub at: Timestamp,
    /// Name of the function that received it.
    pub origin: String,
}

/// Quarantined input without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineNote {
    /// Id derived from bytes and origin.
    pub id: QuarantineId,
    /// Size in bytes.
    pub size: u64,
    /// Reason why no retry can process it.
    pub reason: String,
    /// Time of the quarantine.
    pub at: Timestamp,
    /// Name of the function that received it.
    pub origin: String,
}

impl QuarantinedInput {
    /// Returns the note on this input.
    pub fn note(&self) -> QuarantineNote {
        let Self { id, raw, reason, at, origin } = self;
        let (id, reason, origin) = (id.clone(), reason.clone(), origin.clone());
        QuarantineNote { id, size: raw.len() as u64, reason, at: *at, origin }
    }
}
