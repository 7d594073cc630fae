//! Settings of the ledger.

/// Settings of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerSettings {
    /// True if each final recording is read once to store its content hash.
    pub hash_recordings: bool,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self { hash_recordings: true }
    }
}
