//! Settings of the ledger.

/// Settings of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// True if each final recording is read once to store its content hash.
    pub hash_recordings: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { hash_recordings: true }
    }
}
