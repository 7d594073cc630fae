//! What the ledger tells.

/// What the ledger tells of recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Whether the content of each final recording is read once, and its hash written down.
    pub hash_recordings: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { hash_recordings: true }
    }
}
