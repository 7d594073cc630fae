//! An account that no other test has, and what is in it.

use std::sync::Arc;

use adapters_azure::{
    Access, AzureBlobs, AzureQuarantine, AzureQueues, Patience, TableCatalogue, TableStore, TokenScope,
};
use azurite::{Account as Emulated, Azurite};
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::catalogue::Entry;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{BlobStore, Catalogue, ListRequest, ListedBlob, Quarantine, QuarantinedInput, Queue, QueueName};
use tokio::runtime::Runtime;

/// The container that the bastion records into.
pub const CONTAINER: &str = "recordings";

/// A storage account that stands for all of Azure, seen through the adapters. Waits where they would let others go on.
pub struct Account {
    /// What serves the receivers, the stand-in and everybody who waits.
    pub runtime: Runtime,
    /// Its queues, all made.
    pub queues: Arc<AzureQueues>,
    pub(super) emulated: Emulated,
    catalogue: TableCatalogue,
    quarantine: AzureQuarantine,
    blobs: AzureBlobs,
}

impl Account {
    /// An empty account.
    pub fn new() -> Self {
        let emulated = Azurite::shared().unwrap().account().unwrap();
        let access = Access::emulator(&emulated.name, &emulated.key, Patience::default()).unwrap();
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

    /// The container with the recordings.
    pub fn container(&self) -> ContainerAddress {
        ContainerAddress::parse(&self.emulated.name, CONTAINER).unwrap()
    }

    /// What the host, and so the handler, gets as `AzureWebJobsStorage`.
    pub fn connection_string(&self) -> String {
        self.emulated.connection_string()
    }

    /// A configuration of second-long periods, with these channels.
    pub fn configuration(&self, settle_after: &str, active_at_most: &str, channels: &str) -> String {
        format!(
            "version: 1\nbastions:\n  - name: bas-test\n    recordings: {{ account_url: \"{}\", container: {CONTAINER} }}\n\
             matching: {{ settle_after: {settle_after}, active_at_most: {active_at_most} }}\n\
             notifications: {{ channels: {{ {channels} }} }}\n",
            self.emulated.blob_url
        )
    }

    /// The whole catalogue, newest first.
    pub fn entries(&self) -> Vec<Entry> {
        let all = ListRequest { under: None, below: None, from: None, limit: 10_000 };
        self.runtime.block_on(self.catalogue.list(&all)).unwrap()
    }

    /// The recordings as they are in storage, in the order of their names.
    pub fn blobs(&self) -> Vec<ListedBlob> {
        let (container, mut blobs, mut marker) = (self.container(), Vec::new(), None::<String>);
        loop {
            let page = self.blobs.list(&container, "", marker.as_deref(), 5_000);
            let page = self.runtime.block_on(page).unwrap().unwrap();
            blobs.extend(page.blobs);
            marker = page.next;
            if marker.is_none() {
                return blobs;
            }
        }
    }

    /// Everything in quarantine, oldest first.
    pub fn quarantined(&self) -> Vec<QuarantinedInput> {
        self.runtime.block_on(async {
            let mut inputs = Vec::new();
            for note in self.quarantine.since(Timestamp::MIN, 1_000).await.unwrap() {
                inputs.extend(self.quarantine.get(&note.id).await.unwrap());
            }
            inputs
        })
    }

    /// Whether no entry waits for its time.
    pub fn nothing_is_due(&self) -> bool {
        self.runtime.block_on(self.catalogue.due(Timestamp::MAX, None, 1)).unwrap().is_empty()
    }

    /// Whether nothing is due and no message waits for its turn.
    pub fn is_at_rest(&self) -> bool {
        self.nothing_is_due() && QueueName::ALL.into_iter().all(|queue| self.depth(queue) == 0)
    }

    /// How many messages a queue holds, hidden ones included.
    pub fn depth(&self, queue: QueueName) -> usize {
        self.runtime.block_on(self.queues.depth(queue)).unwrap()
    }

    /// The visible messages of a queue, which come back after a second.
    pub fn messages(&self, queue: QueueName) -> Vec<String> {
        let taken = self.runtime.block_on(self.queues.receive(queue, 32, SignedDuration::from_secs(1))).unwrap();
        taken.into_iter().map(|message| message.body).collect()
    }
}
