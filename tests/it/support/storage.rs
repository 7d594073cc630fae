//! The storage account of the app under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use adapters_local::memory::MemoryBlobs;
use domain::address::BlobAddress;
use domain::record::blob::{BlobEvent, Happening};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::sequencer::Sequencer;
use pipeline::ports::Clock;
use storage_events::{BlobType, StorageEvent, encode_event_grid};

/// The account and container of the fixtures, with operations of third parties.
pub struct Storage {
    /// The blobs.
    pub blobs: Arc<MemoryBlobs>,
    clock: Arc<dyn Clock>,
    sequence: AtomicU64,
}

impl Storage {
    /// Creates an empty container.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { blobs: Arc::default(), clock, sequence: AtomicU64::new(1) }
    }

    /// Writes a recording now. Returns the event of storage.
    pub fn upload(&self, name: &str, size: u64) -> String {
        let etag = self.blobs.put(&address(name), size, self.clock.now());
        self.event(name, Happening::Written { etag: Some(etag), size })
    }

    /// Deletes a recording now. Returns the event of storage.
    pub fn remove(&self, name: &str) -> String {
        assert!(self.blobs.remove(&address(name)), "{name:?} is not there");
        self.event(name, Happening::deleted())
    }

    /// Replaces the content of an audit log. Returns the event that storage raises at its creation.
    pub fn write_log(&self, name: &str, content: &str) -> String {
        self.blobs.write(&log_address(name), content.as_bytes(), self.clock.now());
        let what = Happening::Written { etag: None, size: 0 };
        self.event_of(log_address(name), BlobType::Append, what)
    }

    fn event(&self, name: &str, what: Happening) -> String {
        self.event_of(address(name), BlobType::Block, what)
    }

    fn event_of(&self, address: BlobAddress, blob_type: BlobType, what: Happening) -> String {
        let number = self.sequence.fetch_add(1, Ordering::Relaxed);
        let sequencer = Sequencer::parse(&format!("{number:048x}")).unwrap();
        let event = BlobEvent { sequencer, at: self.clock.now(), what };
        let id = format!("event-{number}").into();
        let event = StorageEvent { id, address, blob_type, event, origin: Box::default() };
        encode_event_grid(&event).unwrap()
    }
}

/// Returns the address of a recording.
pub fn address(name: &str) -> BlobAddress {
    BlobAddress::parse("stbastionrec01", "bastion-recordings", name).unwrap()
}

/// Returns the address of an audit log.
pub fn log_address(name: &str) -> BlobAddress {
    BlobAddress::parse("staudit01", "insights-logs-bastionauditlogs", name).unwrap()
}

/// Returns the estate of [`estate`] with an audit log.
pub fn estate_with_audit_log() -> Estate {
    let mut estate = estate();
    for bastion in &mut estate.bastions {
        bastion.audit_logs = Some(log_address("any").container());
    }
    estate
}

/// Returns an estate with one bastion that records into the container.
pub fn estate() -> Estate {
    let recordings = vec![address("any").container()];
    Estate {
        bastions: vec![Bastion {
            name: BastionName::new("bas-hub-01"),
            resource_id: None,
            recordings,
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        }],
    }
}
