//! All lives of one blob name.

use super::entry::Entry;
use crate::address::BlobAddress;
use crate::recording_id::RecordingId;

/// The entries of one blob name, the unit that is read, decided on and saved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lives {
    /// The name they share.
    pub address: BlobAddress,
    /// One entry per life, in the order of their ids.
    pub entries: Vec<Entry>,
}

impl Lives {
    /// A name of which nothing was heard yet.
    pub fn none(address: BlobAddress) -> Self {
        Self { address, entries: Vec::new() }
    }

    /// The entry with this id.
    pub fn entry(&self, id: RecordingId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Puts changed entries in the place of their earlier form, and new ones in order.
    pub fn replace(&mut self, changed: &[Entry]) {
        self.entries.retain(|entry| changed.iter().all(|new| new.id != entry.id));
        self.entries.extend_from_slice(changed);
        self.entries.sort_by_key(|entry| entry.id);
    }
}
