//! A separate emulated account for each test, and its content.

use std::sync::Arc;

use adapters_azure::{
    AzureBlobs, AzureQuarantine, AzureQueues, Patience, StorageAccess, TableCatalogue, TableStore, TokenScope,
};
use adapters_local::SystemClock;
use azurite::{Account as Emulated, Azurite};
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::record::catalogue::Entry;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{
    BlobStore, Catalogue, ListBlobs, ListRequest, ListedBlob, Quarantine, QuarantinedInput, Queue, QueueName,
};
use tokio::runtime::Runtime;

/// Container that the bastion records into.
pub const CONTAINER: &str = "recordings";

/// A storage account accessed through the adapters. Its methods block the thread.
pub struct EmulatorAccount {
    /// Runtime of the receivers, the host stand-in and blocking calls.
    pub runtime: Runtime,
    /// Queues of the account, all created.
    pub queues: Arc<AzureQueues>,
    pub(super) emulated: Emulated,
    catalogue: TableCatalogue,
    quarantine: AzureQuarantine,
    blobs: AzureBlobs,
}

impl EmulatorAccount {
    /// Creates an empty account.
    pub fn new() -> Self {
        let emulated = Azurite::shared().unwrap().account().unwrap();
        let access =
            StorageAccess::emulator(&emulated.name, &emulated.key, Arc::new(SystemClock), Patience::default()).unwrap();
        let blob_url = emulated.blob_url.parse().unwrap();
        let tables = TableStore::new(&access, &emulated.table_url.parse().unwrap(), TokenScope::Storage).unwrap();
        let quarantine = ContainerName::parse("quarantine").unwrap();
        let account = Self {
            runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
            queues: Arc::new(AzureQueues::new(&access, &emulated.queue_url.parse().unwrap()).unwrap()),
            catalogue: TableCatalogue::new(&tables),
            quarantine: AzureQuarantine::new(&access, &blob_url, &quarantine).unwrap(),
            blobs: AzureBlobs::new(&access, &blob_url, AccountName::parse(&emulated.name).unwrap()).unwrap(),
            emulated,
        };
        account.runtime.block_on(account.queues.create()).unwrap();
        account
    }

    /// Returns the address of the recordings container.
    pub fn container(&self) -> ContainerAddress {
        ContainerAddress::parse(&self.emulated.name, CONTAINER).unwrap()
    }

    /// Returns the value of `AzureWebJobsStorage` for host and handler.
    pub fn connection_string(&self) -> String {
        self.emulated.connection_string()
    }

    /// Returns a configuration with these periods and channels.
    pub fn configuration(&self, settle_after: &str, active_at_most: &str, channels: &str) -> String {
        format!(
            "version: 1\nbastions:\n  - name: bas-test\n    recordings: {{ account_url: \"{}\", container: {CONTAINER} }}\n\
             matching: {{ settle_after: {settle_after}, active_at_most: {active_at_most} }}\n\
             notifications: {{ channels: {{ {channels} }} }}\n",
            self.emulated.blob_url
        )
    }

    /// Returns the whole catalogue, newest first.
    pub fn entries(&self) -> Vec<Entry> {
        let all = ListRequest { under: None, below: None, from: None, limit: 10_000 };
        self.runtime.block_on(self.catalogue.list(&all)).unwrap()
    }

    /// Returns the recordings in storage by name.
    pub fn blobs(&self) -> Vec<ListedBlob> {
        let (container, mut blobs, mut marker) = (self.container(), Vec::new(), None::<String>);
        loop {
            let page = self.blobs.list(ListBlobs::first(&container, 5_000).after(marker.as_deref()).with_tags());
            let page = self.runtime.block_on(page).unwrap().unwrap();
            blobs.extend(page.blobs);
            marker = page.next;
            if marker.is_none() {
                return blobs;
            }
        }
    }

    /// Returns everything in quarantine, oldest first.
    pub fn quarantined(&self) -> Vec<QuarantinedInput> {
        self.runtime.block_on(async {
            let mut inputs = Vec::new();
            for note in self.quarantine.since(Timestamp::MIN, 1_000).await.unwrap() {
                inputs.extend(self.quarantine.get(&note.id).await.unwrap());
            }
            inputs
        })
    }

    /// Returns true if no entry has pending work.
    pub fn nothing_is_due(&self) -> bool {
        self.runtime.block_on(self.catalogue.due(Timestamp::MAX, None, 1)).unwrap().is_empty()
    }

    /// Returns true if nothing is due and all queues are empty.
    pub fn is_at_rest(&self) -> bool {
        self.nothing_is_due() && QueueName::ALL.into_iter().all(|queue| self.depth(queue) == 0)
    }

    /// Returns the number of messages in a queue, including hidden ones.
    pub fn depth(&self, queue: QueueName) -> usize {
        self.runtime.block_on(self.queues.depth(queue)).unwrap()
    }

    /// Returns the visible messages of a queue and hides them for a second.
    pub fn messages(&self, queue: QueueName) -> Vec<String> {
        let taken = self.runtime.block_on(self.queues.receive(queue, 32, SignedDuration::from_secs(1))).unwrap();
        taken.into_iter().map(|message| message.body).collect()
    }
}
