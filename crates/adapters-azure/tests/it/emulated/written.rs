//! Blobs written by another party.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adapters_azure::AzureBlobs;
use adapters_azure::testing::write_recording;
use async_trait::async_trait;
use azure_core::http::{NoFormat, Response};
use azure_storage_blob::models::{BlobClientAcquireLeaseResult, BlobClientAcquireLeaseResultHeaders};
use azure_storage_blob::{BlobClient, BlobServiceClient};
use azurite::Account;
use domain::address::{AccountName, BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, TagWrite};
use pipeline::testing::blob_store::BlobFixture;

use crate::emulated;

/// Storage accounts by name, each mapped to an emulator account, created with its first container.
#[derive(Default)]
pub struct Written(Mutex<BTreeMap<AccountName, Arc<Store>>>);

struct Store {
    blobs: AzureBlobs,
    others: BlobServiceClient,
    account: Account,
}

impl Written {
    /// The emulator account behind this account.
    pub fn account(&self, name: &AccountName) -> Account {
        self.made(name).account.clone()
    }

    /// The SDK's client, for actions of other parties.
    pub fn client(&self, at: &BlobAddress) -> BlobClient {
        self.made(&at.account).others.blob_client(at.container.as_str(), at.name.as_str())
    }

    /// Id of an acquired lease.
    pub fn lease_of(lease: &Response<BlobClientAcquireLeaseResult, NoFormat>) -> String {
        lease.lease_id().unwrap().unwrap()
    }

    /// Writes one byte with these tags, given as a query string.
    pub async fn put_with_tags(&self, address: &BlobAddress, tags: &str) {
        write_recording(&self.client(address), vec![0], Some(tags)).await.unwrap();
    }

    fn made(&self, name: &AccountName) -> Arc<Store> {
        let mut accounts = self.0.lock().unwrap();
        accounts.entry(name.clone()).or_insert_with(|| Arc::new(Store::new(name.clone()))).clone()
    }

    fn found(&self, name: &AccountName) -> Option<Arc<Store>> {
        self.0.lock().unwrap().get(name).cloned()
    }
}

impl Store {
    fn new(name: AccountName) -> Self {
        let account = emulated::account();
        let endpoint = emulated::endpoint(&account.blob_url);
        let blobs = AzureBlobs::new(&emulated::access(&account), &endpoint, name).unwrap();
        let mut of_others = endpoint;
        of_others.set_query(Some(&account.signature()));
        let others = BlobServiceClient::new(of_others, None, None).unwrap();
        Self { blobs, others, account }
    }
}

#[async_trait]
impl BlobFixture for Written {
    fn store(&self) -> &dyn BlobStore {
        self
    }

    async fn create_container(&self, container: &ContainerAddress) {
        let others = &self.made(&container.account).others;
        let client = others.blob_container_client(container.container.as_str());
        if !client.exists().await.unwrap() {
            client.create(None).await.unwrap();
        }
    }

    async fn put(&self, address: &BlobAddress, size: u64, _: Timestamp) -> Timestamp {
        let content = vec![0; usize::try_from(size).unwrap()];
        write_recording(&self.client(address), content, None).await.unwrap().unwrap().1
    }

    async fn write(&self, address: &BlobAddress, content: &[u8], _: Timestamp) {
        write_recording(&self.client(address), content.to_vec(), None).await.unwrap().unwrap();
    }

    async fn delete(&self, address: &BlobAddress) {
        self.client(address).delete(None).await.unwrap();
    }

    fn refuses(&self, name: &str) -> bool {
        [".", ".."].contains(&name) || name.contains(|c: char| c < ' ')
    }

    /// The emulator turns a backslash into a slash.
    fn holds(&self, name: &str) -> bool {
        !self.refuses(name) && !name.contains('\\')
    }
}

/// Routes each account to its own store, as the function app does. An unknown account holds nothing.
#[async_trait]
impl BlobStore for Written {
    fn time(&self) -> StorageTime {
        StorageTime::NoClock
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        let Some(store) = self.found(&at.account) else { return Ok(None) };
        store.blobs.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let Some(store) = self.found(&request.container.account) else {
            return Ok(None);
        };
        store.blobs.list(request).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        match self.found(&at.account) {
            Some(store) => store.blobs.read(at, from, limit, etag).await,
            None => Ok(None),
        }
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let Some(store) = self.found(&at.account) else { return Ok(None) };
        store.blobs.tags(at).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        let Some(store) = self.found(&at.account) else {
            return Ok(TagWrite::ContentGone);
        };
        store.blobs.replace_tags(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        match self.found(&warrant.address().account) {
            Some(store) => store.blobs.delete(warrant).await,
            None => Ok(BlobDelete::Gone),
        }
    }
}
