//! What changed in the folder becomes the events that storage would raise.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;

use adapters_local::folder::{FolderChange, FolderWatch};
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::blob::{BlobEvent, Happening, Request};
use domain::sequencer::Sequencer;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault, Queue, QueueName};
use storage_events::{BlobType, StorageEvent, encode_event_grid};

use crate::guid::guid;

/// Turns changes into messages, at least once each: those of audit logs into messages of the queue `audit-log-events`, all
/// others of `recording-events`.
pub struct FolderEvents {
    watch: FolderWatch,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    sequence: Sequence,
    held_back: BTreeMap<BlobName, SignedDuration>,
    audit_logs: BTreeSet<ContainerAddress>,
}

impl FolderEvents {
    /// Looks at nothing yet: [`Host::raise_events`](crate::Host::raise_events) does.
    pub fn new(watch: FolderWatch, queue: Arc<dyn Queue>, clock: Arc<dyn Clock>) -> Self {
        let (sequence, held_back, audit_logs) = (Sequence::default(), BTreeMap::new(), BTreeSet::new());
        Self { watch, queue, clock, sequence, held_back, audit_logs }
    }

    /// These containers hold audit logs: append blobs, of which storage tells when they begin and never again.
    #[must_use]
    pub fn with_audit_logs(mut self, containers: impl IntoIterator<Item = ContainerAddress>) -> Self {
        self.audit_logs.extend(containers);
        self
    }

    /// Lets the next event of a name come late, as event sources sometimes do.
    pub fn hold_back(&mut self, name: BlobName, by: SignedDuration) {
        self.held_back.insert(name, by);
    }

    /// Looks for changes and raises their events. Returns how many events there were.
    ///
    /// A change is acknowledged after its event is queued: a crash in between repeats the event.
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

    /// Through which queue a change is told, and as one of what kind of blob. `None` where nobody asked to be told.
    fn told_through(&self, change: &FolderChange) -> Option<(QueueName, BlobType)> {
        let (FolderChange::Written { address, .. } | FolderChange::Deleted { address, .. }) = change;
        if !self.audit_logs.contains(&address.container()) {
            return Some((QueueName::RecordingEvents, BlobType::Block));
        }
        let begins = matches!(change, FolderChange::Written { first: true, .. });
        begins.then_some((QueueName::AuditLogEvents, BlobType::Append))
    }
}

/// The event as storage would write it, with the blob that it is about.
fn encode(
    change: &FolderChange,
    blob_type: BlobType,
    number: u64,
    now: Timestamp,
) -> Result<(BlobAddress, String), Fault> {
    let (address, at, what) = match change {
        FolderChange::Written { address, etag, size, at, .. } => {
            // A file may be dated in the future, an event is not.
            (address, (*at).min(now), Happening::Written { etag: Some(etag.clone()), size: *size })
        }
        FolderChange::Deleted { address, by } => {
            (address, now, Happening::Deleted(Request { client_id: by.clone(), ..Request::default() }))
        }
    };
    let failed = |error: Box<dyn Error + Send + Sync>| Fault::permanent(format!("write the event of {address}"), error);
    // 48 digits, as storage writes them today.
    let sequencer = Sequencer::parse(&format!("{number:048x}")).ok_or_else(|| failed("it has no sequencer".into()))?;
    let event = BlobEvent { sequencer, at, what };
    let id = guid(number, 0).into();
    let event = StorageEvent { id, address: address.clone(), blob_type, event, origin: Box::default() };
    let message = encode_event_grid(&event).map_err(|error| failed(error.into()))?;
    Ok((event.address, message))
}

/// Numbers that rise with every event, over restarts too.
///
/// Each is the time in nanoseconds, or one more than the last where the clock stood still or went back. Only a clock
/// that is set back by more than the stand-in was down can make a number come too low after a restart.
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
