//! Turns changes of the folder into storage events.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;

use adapters_local::folder::{FolderChange, FolderWatch};
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::{BlobEvent, Happening, StorageRequest};
use domain::record::sequencer::Sequencer;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault, Queue, QueueName};
use storage_events::{BlobType, StorageEvent, encode_event_grid};

use crate::guid::guid;

/// Sends changes as queue messages, at least once each: those of audit logs to `audit-log-events`, all others to
/// `recording-events`.
pub struct FolderEvents {
    watch: FolderWatch,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    sequence: Sequence,
    held_back: BTreeMap<BlobName, SignedDuration>,
    audit_logs: BTreeSet<ContainerAddress>,
}

impl FolderEvents {
    /// Creates the source without scanning; [`Host::raise_events`](crate::Host::raise_events) scans.
    pub fn new(watch: FolderWatch, queue: Arc<dyn Queue>, clock: Arc<dyn Clock>) -> Self {
        let (sequence, held_back, audit_logs) = (Sequence::default(), BTreeMap::new(), BTreeSet::new());
        Self { watch, queue, clock, sequence, held_back, audit_logs }
    }

    /// Marks containers as audit logs: append blobs, for which storage raises an event only on creation.
    #[must_use]
    pub fn with_audit_logs(mut self, containers: impl IntoIterator<Item = ContainerAddress>) -> Self {
        self.audit_logs.extend(containers);
        self
    }

    /// Delays the next event of a name, as event sources sometimes do.
    pub fn hold_back(&mut self, name: BlobName, by: SignedDuration) {
        self.held_back.insert(name, by);
    }

    /// Scans for changes and raises their events. Returns the number of events.
    ///
    /// A change is acknowledged after its event is queued, so a crash in between repeats the event.
    pub(crate) async fn raise(&mut self) -> Result<usize, Fault> {
        let mut count = 0;
        for change in self.watch.scan().await? {
            if let Some((queue, blob_type)) = self.told_through(&change) {
                let now = self.clock.now();
                let (address, message) = encode(&change, blob_type, self.sequence.next(now), now)?;
                let delay = self.held_back.remove(&address.name).unwrap_or_default();
                self.queue.send(queue, &message, delay).await?;
                count += 1;
            }
            self.watch.acknowledge(change).await?;
        }
        Ok(count)
    }

    /// Returns queue and blob type of a change, or `None` if storage raises no event for it.
    fn told_through(&self, change: &FolderChange) -> Option<(QueueName, BlobType)> {
        let (FolderChange::Written { address, .. } | FolderChange::Deleted { address, .. }) = change;
        if !self.audit_logs.contains(&address.container()) {
            return Some((QueueName::RecordingEvents, BlobType::Block));
        }
        let begins = matches!(change, FolderChange::Written { first: true, .. });
        begins.then_some((QueueName::AuditLogEvents, BlobType::Append))
    }
}

/// Encodes the event as storage would; returns it with the address of the blob.
fn encode(
    change: &FolderChange,
    blob_type: BlobType,
    number: u64,
    now: Timestamp,
) -> Result<(BlobAddress, String), Fault> {
    let (address, at, what) = match change {
        FolderChange::Written { address, etag, size, at, .. } => {
            // A file may be dated in the future, but an event may not.
            (address, (*at).min(now), Happening::Written { etag: Some(etag.clone()), size: *size })
        }
        FolderChange::Deleted { address, by } => {
            (address, now, Happening::Deleted(StorageRequest { client_id: by.clone(), ..StorageRequest::default() }))
        }
    };
    let failed = |error: Box<dyn Error + Send + Sync>| Fault::permanent(format!("write the event of {address}"), error);
    // 48 digits, as storage currently writes them.
    let sequencer = Sequencer::parse(&format!("{number:048x}")).ok_or_else(|| failed("it has no sequencer".into()))?;
    let event = BlobEvent { sequencer, at, what };
    let id = guid(number, 0).into();
    let event = StorageEvent { id, address: address.clone(), blob_type, event, origin: Box::default() };
    let message = encode_event_grid(&event).map_err(|error| failed(error.into()))?;
    Ok((event.address, message))
}

/// Increasing sequence numbers, also across restarts.
///
/// Each is the time in nanoseconds, or one more than the last if the clock did not advance. After a restart, a number
/// can only be too low if the clock was set back by more than the downtime of the stand-in.
#[derive(Debug, Default)]
struct Sequence {
    last: u64,
}

impl Sequence {
    fn next(&mut self, now: Timestamp) -> u64 {
        // Nanoseconds since 1970 fit until 2554.
        self.last = (now.as_nanosecond() as u64).max(self.last + 1);
        self.last
    }
}
