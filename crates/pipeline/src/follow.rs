//! Reads what storage and the catalogue show about one recording, to follow it. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::decide::follow::{EventPath, FollowFacts, LogPosition};
use domain::decide::posture::MaybeKnown;
use domain::record::blob::BlobProperties;
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, Estate};
use domain::record::notification::Event;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::deliver::NotificationOutbox;
use crate::listings::{ContainerListing, ContainerListings};
use crate::ports::{Catalogue, Fault, ListBlobs, ListedBlob, Notifications, Quarantine, QueueName};
use crate::posture::{Watch, known, read};
use crate::stores::{JudgedNeighbourhood, KnownStores};
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Blobs per page of a listing.
const PAGE: usize = 5_000;
/// Pages per container; a larger container is not searched.
const PAGES: usize = 20;
/// Maximum number of files and inputs to count.
const COUNTED: usize = 1_000;
/// Tolerance between the times of an event and of its blob.
const CLOCKS: SignedDuration = SignedDuration::from_secs(2);

/// Reads the facts about one recording.
pub struct FollowRecording {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) quarantine: Arc<dyn Quarantine>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) listings: Arc<ContainerListings>,
    pub(crate) watermarks: Arc<Watermarks>,
}

/// Newest blobs of each container when following began.
#[derive(Debug, Default)]
pub struct NewestBlobs(BTreeMap<ContainerAddress, (Timestamp, BTreeSet<BlobName>)>);

impl FollowRecording {
    /// Returns the current time for judging the facts.
    pub fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Returns the first recording made since the first call with `newest`, by the times of storage. Unreadable if a
    /// container could not be listed and none was found in the others.
    pub fn next<'a>(&'a self, newest: &'a mut NewestBlobs) -> BoxFuture<'a, MaybeKnown<Option<BlobAddress>>> {
        Box::pin(async move {
            let mut unread = None;
            for container in self.containers() {
                match self.all_in(container).await {
                    Ok(blobs) => {
                        if let Some(name) = newest.next_in(container, blobs) {
                            return MaybeKnown::Read(Some(container.blob(name)));
                        }
                    }
                    Err(why) => unread = Some(why),
                }
            }
            unread.map_or(MaybeKnown::Read(None), MaybeKnown::NotReadable)
        })
    }

    /// Returns the newest recording with this name. Unreadable like [`next`](Self::next).
    pub fn named<'a>(&'a self, name: &'a BlobName) -> BoxFuture<'a, MaybeKnown<Option<BlobAddress>>> {
        Box::pin(async move {
            let (mut found, mut unread) = (None, None);
            for container in self.containers() {
                let at = container.blob(name.clone());
                match self.properties(&at).await {
                    MaybeKnown::Read(Some(blob)) => found = found.max(Some((blob.created_at, at))),
                    MaybeKnown::Read(None) => {}
                    MaybeKnown::NotReadable(why) => unread = Some(why),
                }
            }
            match (found, unread) {
                (None, Some(why)) => MaybeKnown::NotReadable(why),
                (found, _) => MaybeKnown::Read(found.map(|(_, at)| at)),
            }
        })
    }

    /// Reads the facts about a recording.
    pub fn facts<'a>(&'a self, at: &'a BlobAddress) -> BoxFuture<'a, FollowFacts> {
        Box::pin(async move {
            let blob = self.properties(at).await;
            let created_at = blob.read().and_then(Option::as_ref).map(|blob| blob.created_at);
            let entry = read(self.entry(at, created_at).await);
            let bastion = self.estate.bastion_of(&at.container());
            let has_event = entry
                .read()
                .and_then(Option::as_ref)
                .is_some_and(|entry| entry.life.blob_events.first_write_at().is_some());
            let path = match bastion.filter(|_| !has_event) {
                Some(bastion) => Some(self.path(at, bastion, created_at).await),
                None => None,
            };
            let deliveries = match entry.read().and_then(Option::as_ref) {
                Some(entry) if entry.announced.contains(&Event::RecordingReady) => {
                    let stored = self.notifications.get(&entry.ready_id()).await;
                    read(stored.map(|stored| stored.map(|stored| stored.record.deliveries)))
                }
                _ => MaybeKnown::Read(None),
            };
            FollowFacts {
                blob,
                entry,
                path,
                tags: read(self.stores.unmarked().tags(at).await),
                log: match bastion {
                    Some(bastion) => self.log(bastion).await,
                    None => MaybeKnown::Read(None),
                },
                has_log: bastion.is_some_and(|bastion| bastion.audit_logs.is_some()),
                has_channels: self.outbox.channels().next().is_some(),
                deliveries,
            }
        })
    }

    async fn properties(&self, at: &BlobAddress) -> MaybeKnown<Option<BlobProperties>> {
        read(self.stores.unmarked().properties(at).await)
    }

    /// Returns the newest entry of the blob that was created at this time, or of the name if the time is not known.
    async fn entry(&self, at: &BlobAddress, created_at: Option<Timestamp>) -> Result<Option<Box<Entry>>, Fault> {
        let since = created_at.and_then(|at| at.checked_sub(CLOCKS).ok());
        let is_of_blob = |entry: &Entry| match since {
            Some(since) => entry.state.is_there() && entry.life.last_modified() >= Some(since),
            None => true,
        };
        let entries = self.catalogue.lives(at).await?.lives.entries;
        Ok(entries.into_iter().rev().find(is_of_blob).map(Box::new))
    }

    async fn path(&self, at: &BlobAddress, bastion: &Bastion, since: Option<Timestamp>) -> EventPath {
        let posture = &self.watch.posture;
        let quarantine = self.quarantine.since(since.unwrap_or(Timestamp::MIN), COUNTED).await;
        let origin = QueueName::RecordingEvents.function();
        EventPath {
            queue: known(posture.queue(QueueName::RecordingEvents).await),
            poison: known(posture.queue(QueueName::RecordingEventsPoison).await).map(|(depth, _)| depth),
            dead_letters: known(posture.dead_letters(COUNTED).await),
            quarantine: read(quarantine.map(|notes| notes.iter().filter(|note| note.origin == origin).count())),
            last_pass: read(self.last_pass(bastion).await),
            strange: read(self.stores.judge(&at.container()).await.map(|judged| match judged {
                JudgedNeighbourhood::Strange(stranger) => Some(stranger.reason()),
                JudgedNeighbourhood::Same | JudgedNeighbourhood::New(_) => None,
            })),
        }
    }

    /// Returns the last known pass of `reconcile_sweep` or `audit_log_tail`.
    async fn last_pass(&self, bastion: &Bastion) -> Result<Option<Timestamp>, Fault> {
        let listings = self.listings.listings(bastion).await?;
        let listed = listings.iter().filter_map(ContainerListing::listed_at).max();
        let read = self.watermarks.watermark(&bastion.name).await?.and_then(|watermark| watermark.read_to);
        Ok(listed.max(read))
    }

    async fn log(&self, bastion: &Bastion) -> MaybeKnown<Option<LogPosition>> {
        let watermark = self.watermarks.watermark(&bastion.name).await;
        read(watermark.map(|watermark| {
            watermark
                .map(|watermark| LogPosition { read_to: watermark.read_to, newest_record: watermark.newest_record })
        }))
    }

    fn containers(&self) -> impl Iterator<Item = &ContainerAddress> {
        self.estate.bastions.iter().flat_map(|bastion| &bastion.recordings)
    }

    /// Lists a container, or returns the reason why it cannot be listed whole.
    async fn all_in(&self, container: &ContainerAddress) -> Result<Vec<ListedBlob>, String> {
        let (mut blobs, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let request = ListBlobs::first(container, PAGE).after(marker.as_deref());
            let page = self.stores.unmarked().list(request).await.map_err(|fault| fault.to_string())?;
            let Some(page) = page else { return Ok(blobs) };
            blobs.extend(page.blobs);
            marker = page.next;
            if marker.is_none() {
                return Ok(blobs);
            }
        }
        Err(format!("container {container} holds more than {} blobs: name the recording", PAGE * PAGES))
    }
}

impl NewestBlobs {
    /// Returns the oldest blob that is newer than those of the first call.
    fn next_in(&mut self, container: &ContainerAddress, blobs: Vec<ListedBlob>) -> Option<BlobName> {
        let created = |blob: &ListedBlob| blob.properties.created_at;
        let Some((last, names)) = self.0.get(container) else {
            let last = blobs.iter().map(created).max().unwrap_or(Timestamp::MIN);
            let names = blobs.into_iter().filter(|blob| created(blob) == last).map(|blob| blob.name).collect();
            self.0.insert(container.clone(), (last, names));
            return None;
        };
        let is_new = |blob: &ListedBlob| created(blob) > *last || created(blob) == *last && !names.contains(&blob.name);
        blobs.into_iter().filter(is_new).min_by_key(created).map(|blob| blob.name)
    }
}
