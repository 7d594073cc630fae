//! An expiring recording in an account of its own.

use std::sync::{Arc, Mutex};

use adapters_azure::testing::write_recording;
use adapters_azure::{
    AzureBlobs, AzureLedger, AzureQuarantine, AzureQueues, Patience, Policy, StorageAccess, TableCatalogue,
    TableCheckpoints, TableNotifications, TableSessions, TableStore, TokenScope,
};
use adapters_local::SystemClock;
use azure_core::http::Url;
use azure_storage_blob::BlobServiceClient;
use azurite::{Account, Azurite};
use domain::address::{BlobAddress, ContainerName};
use domain::decide::context::Rules;
use domain::policy::tags::plan;
use domain::record::blob::ETag;
use domain::record::catalogue::{Observation, Tagged};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::recording_id::RecordingId;
use domain::record::tags::{TagSet, merge};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use pipeline::ports::{BlobStore, Catalogue, Clock, Loaded, TagWrite};
use pipeline::testing::TestClock;
use pipeline::testing::sample::{self, address};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::emulated::conditions::Conditions;

/// Result of placing a hold: true if the recording carries it. `None` before.
pub type ExpiringNotice = Arc<Mutex<Option<bool>>>;

/// An account with one recording that the next retention run deletes.
#[derive(Clone)]
pub struct ExpiringWorld {
    account: Account,
    blob: BlobAddress,
    recording: RecordingId,
    clock: Arc<TestClock>,
    blobs: Arc<AzureBlobs>,
    catalogue: Arc<TableCatalogue>,
}

impl ExpiringWorld {
    pub async fn new(emulator: &Azurite) -> Self {
        let (account, blob) = (emulator.account().unwrap(), address("goes"));
        // Created first: creating an access installs the TLS provider the other client needs.
        let access = access(&account);
        let (store, blobs) = (tables(&account, &access), Arc::new(blobs(&account, &access, &blob)));
        store.create().await.unwrap();
        AzureQueues::new(&access, &url(&account.queue_url)).unwrap().create().await.unwrap();
        quarantine(&account, &access).create().await.unwrap();
        ledger(&account, &access).create_container().await.unwrap();
        let catalogue = Arc::new(TableCatalogue::new(&store));
        let etag = written(&account, &blob).await;
        // A write may end in another second than it began in. A listing shows both times, so the entry must know
        // both.
        let properties = blobs.properties(&blob).await.unwrap().unwrap();
        let at = properties.created_at;
        let mut entry = sample::expiring(&blob, &etag, at);
        entry.life.observation = Some(Observation { epoch_start: at, properties });
        entry.tags = merge(&TagSet::default(), &plan(&entry)).tags;
        entry.tagged = Some(Tagged { etag: etag.clone(), plan: plan(&entry) });
        let tagged = blobs.replace_tags(&blob, &entry.tags, &etag, &TagSet::default()).await.unwrap();
        assert_eq!(tagged, TagWrite::Written);
        catalogue.save(&Loaded::nothing(blob.clone()), std::slice::from_ref(&entry)).await.unwrap().unwrap();
        let clock = Arc::new(TestClock::at(at.saturating_add(SignedDuration::from_hours(100)).unwrap()));
        let world = Self { account, blob, recording: entry.id, clock, blobs, catalogue };
        // Nothing is deleted from a container that was never listed completely.
        world.archivist(None).reconciliation.reconcile(&|| true).await.unwrap();
        world
    }

    /// An archivist whose requests pass this policy and whose tag conditions are enforced as by the service.
    pub fn archivist(&self, policy: Option<Arc<dyn Policy>>) -> Archivist {
        let access = policy.into_iter().fold(access(&self.account), StorageAccess::with_policy);
        let conditions = Conditions { blobs: self.blobs.clone(), blob: self.blob.clone() };
        let access = access.with_policy(Arc::new(conditions));
        let store = tables(&self.account, &access);
        let ports = Ports {
            catalogue: Arc::new(TableCatalogue::new(&store)),
            sessions: Arc::new(TableSessions::new(&store)),
            checkpoints: Arc::new(TableCheckpoints::new(&store)),
            notifications: Arc::new(TableNotifications::new(&store)),
            blobs: Arc::new(blobs(&self.account, &access, &self.blob)),
            queue: Arc::new(AzureQueues::new(&access, &url(&self.account.queue_url)).unwrap()),
            quarantine: Arc::new(quarantine(&self.account, &access)),
            ledger: Arc::new(ledger(&self.account, &access)),
            clock: self.clock.clone(),
        };
        let bastion = Bastion {
            name: BastionName::new("bas"),
            resource_id: None,
            recordings: vec![self.blob.container()],
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        };
        let rules = Rules { retention: Some(sample::policy()), ..Rules::default() };
        Archivist::new(
            ports,
            ArchivistSettings { rules, estate: Estate { bastions: vec![bastion] }, channels: Default::default() },
        )
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn recording(&self) -> RecordingId {
        self.recording
    }

    /// Future that places a hold on the recording, and its result.
    pub fn placing(&self) -> (BoxFuture<'static, ()>, ExpiringNotice) {
        let told = ExpiringNotice::default();
        let (placing, tell) = (self.archivist(None), told.clone());
        let scope = HoldScope { recording: Some(self.recording), ..HoldScope::default() };
        let by = Actor { name: "counsel".to_owned(), is_verified: true };
        let hold = Hold::new("case 1", "a letter of the court", scope, by, self.clock.now());
        let place = async move {
            let placed = placing.hold_placing.place_hold(&hold).await.unwrap();
            *tell.lock().unwrap() = Some(placed.carried == 1);
        };
        (place.boxed(), told)
    }

    pub async fn is_there(&self) -> bool {
        self.blobs.properties(&self.blob).await.unwrap().is_some()
    }

    /// Tags of the recording, which must exist.
    pub async fn tags(&self) -> TagSet {
        self.blobs.tags(&self.blob).await.unwrap().unwrap()
    }

    /// Removes a tag, as another party.
    pub async fn take_away(&self, tag: &str) {
        let mut tags = self.tags().await;
        assert!(tags.0.remove(tag).is_some());
        let etag = self.blobs.properties(&self.blob).await.unwrap().unwrap().etag;
        self.blobs.replace_tags(&self.blob, &tags, &etag, &TagSet::default()).await.unwrap();
    }

    /// Makes the next sweep write the tags again.
    pub async fn have_tags_written(&self) {
        let loaded = self.catalogue.lives(&self.blob).await.unwrap();
        let mut entry = loaded.lives.entries[0].clone();
        entry.recheck_tags(self.clock.now());
        entry.revision += 1;
        self.catalogue.save(&loaded, &[entry]).await.unwrap().unwrap();
    }
}

/// Writes the recording; returns its ETag.
async fn written(account: &Account, blob: &BlobAddress) -> ETag {
    let mut endpoint = url(&account.blob_url);
    endpoint.set_query(Some(&account.signature()));
    let client = BlobServiceClient::new(endpoint, None, None).unwrap();
    client.blob_container_client(blob.container.as_str()).create(None).await.unwrap();
    let client = client.blob_client(blob.container.as_str(), blob.name.as_str());
    write_recording(&client, vec![0], None).await.unwrap().unwrap().0
}

fn access(account: &Account) -> StorageAccess {
    StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default()).unwrap()
}

fn tables(account: &Account, access: &StorageAccess) -> TableStore {
    TableStore::new(access, &url(&account.table_url), TokenScope::Storage).unwrap()
}

fn blobs(account: &Account, access: &StorageAccess, blob: &BlobAddress) -> AzureBlobs {
    AzureBlobs::new(access, &url(&account.blob_url), blob.account.clone()).unwrap()
}

fn quarantine(account: &Account, access: &StorageAccess) -> AzureQuarantine {
    AzureQuarantine::new(access, &url(&account.blob_url), &container("quarantine")).unwrap()
}

fn ledger(account: &Account, access: &StorageAccess) -> AzureLedger {
    AzureLedger::new(access, &url(&account.blob_url), &container("ledger")).unwrap()
}

fn container(name: &str) -> ContainerName {
    ContainerName::parse(name).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}
