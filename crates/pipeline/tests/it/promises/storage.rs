//! Writes and deletes of other parties, and the storage events that they raise.

use std::sync::atomic::Ordering;

use domain::address::{BlobAddress, BlobName};
use domain::record::blob::{BlobEvent, Happening};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;

use crate::promises::world::{World, container};

/// An event and its blob.
#[derive(Debug, Clone)]
pub struct Raised {
    pub address: BlobAddress,
    pub event: BlobEvent,
}

impl World {
    /// Creates or rewrites a blob.
    pub fn write(&self, name: &str, size: u64) -> Raised {
        let etag = self.blobs.put(&address(name), size, self.now());
        self.raise(name, Happening::Written { etag: Some(etag), size })
    }

    /// Creates a recording written from `start` to `end`; returns its event.
    pub fn record(&self, name: &str, start: Timestamp, end: Timestamp) -> Raised {
        self.blobs.put(&address(name), 1, start);
        let etag = self.blobs.put(&address(name), 9, end);
        self.raise_at(name, Happening::Written { etag: Some(etag), size: 9 }, end)
    }

    /// Deletes an existing blob.
    pub fn delete(&self, name: &str) -> Raised {
        assert!(self.blobs.remove(&address(name)), "{name} is not there");
        self.raise(name, Happening::deleted())
    }

    /// Moves an existing blob to another tier.
    pub fn set_tier(&self, name: &str, tier: &str) -> Raised {
        assert!(self.blobs.set_tier(&address(name), tier), "{name} is not there");
        self.raise(name, Happening::TierChanged)
    }

    fn raise(&self, name: &str, what: Happening) -> Raised {
        self.raise_at(name, what, self.now())
    }

    fn raise_at(&self, name: &str, what: Happening, at: Timestamp) -> Raised {
        let number = self.last_sequencer.fetch_add(1, Ordering::Relaxed) + 1;
        let sequencer = Sequencer::parse(&format!("{number:032x}")).unwrap();
        Raised { address: address(name), event: BlobEvent { sequencer, at, what } }
    }
}

pub fn address(name: &str) -> BlobAddress {
    container().blob(BlobName::parse(name).unwrap())
}
