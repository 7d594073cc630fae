//! Groups the entries of one blob name.

use super::entry::Entry;
use crate::address::BlobAddress;
use crate::record::recording_id::RecordingId;

/// Entries of one blob name: loaded, decided and saved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lives {
    /// Blob name shared by the entries.
    pub address: BlobAddress,
    /// One entry per life, ordered by id.
    pub entries: Vec<Entry>,
}

impl Lives {
    /// Creates the lives of a blob name without any entry.
    pub fn none(address: BlobAddress) -> Self {
        Self { address, entries: Vec::new() }
    }

    /// Returns the entry with this id.
    pub fn entry(&self, id: RecordingId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Replaces changed entries and inserts new ones, keeping the order.
    pub fn replace(&mut self, changed: &[Entry]) {
        self.entries.retain(|entry| changed.iter().all(|new| new.id != entry.id));
        self.entries.extend_from_slice(changed);
        self.entries.sort_by_key(|entry| entry.id);
    }
}
