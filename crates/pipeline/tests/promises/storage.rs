//! What others do to blobs, and the events that storage raises of it.

use std::sync::atomic::Ordering;

use domain::address::{BlobAddress, BlobName};
use domain::blob::{BlobEvent, Happening};
use domain::sequencer::Sequencer;
use jiff::Timestamp;

use crate::world::{World, container};

/// An event and the blob it is about.
#[derive(Debug, Clone)]
pub struct Raised {
    pub address: BlobAddress,
    pub event: BlobEvent,
}

impl World {
    /// Writes a blob anew or for the first time.
    pub fn write(&self, name: &str, size: u64) -> Raised {
        let etag = self.blobs.put(&address(name), size, self.now());
        self.raise(name, Happening::Written { etag: Some(etag), size })
    }

    /// Has a recording be there that was written from `start` to `end`, whenever one hears of it.
    pub fn record(&self, name: &str, start: Timestamp, end: Timestamp) -> Raised {
        self.blobs.put(&address(name), 1, start);
        let etag = self.blobs.put(&address(name), 9, end);
        self.raise_at(name, Happening::Written { etag: Some(etag), size: 9 }, end)
    }

    /// Deletes a blob that is there.
    pub fn delete(&self, name: &str) -> Raised {
        assert!(self.blobs.remove(&address(name)), "{name} is not there");
        self.raise(name, Happening::deleted())
    }

    /// Moves a blob that is there to another tier.
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
