//! Blob store over several storage accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{AccountName, BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite};

/// Forwards each call to the adapter of the blob's account.
pub struct AccountBlobs {
    accounts: BTreeMap<AccountName, Arc<dyn BlobStore>>,
}

impl AccountBlobs {
    /// Takes one adapter per configured account.
    pub fn new(accounts: BTreeMap<AccountName, Arc<dyn BlobStore>>) -> Self {
        Self { accounts }
    }

    fn account(&self, name: &AccountName) -> Result<&dyn BlobStore, Fault> {
        let known = self.accounts.get(name).map(AsRef::as_ref);
        known.ok_or_else(|| Fault::permanent(format!("reach account {}", name.as_str()), "it is not configured"))
    }
}

#[async_trait]
impl BlobStore for AccountBlobs {
    /// Returns the latest known time, because the clocks of accounts agree. `NotReceived` only if no account
    /// told its time.
    fn time(&self) -> StorageTime {
        let times = self.accounts.values().map(|account| account.time());
        times.fold(StorageTime::NoClock, |one, other| match (one, other) {
            (StorageTime::Known(one), StorageTime::Known(other)) => StorageTime::Known(one.max(other)),
            (known @ StorageTime::Known(_), _) | (_, known @ StorageTime::Known(_)) => known,
            (StorageTime::NotReceived, _) | (_, StorageTime::NotReceived) => StorageTime::NotReceived,
            (StorageTime::NoClock, StorageTime::NoClock) => StorageTime::NoClock,
        })
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.account(&at.account)?.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        self.account(&request.container.account)?.list(request).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.account(&at.account)?.read(at, from, limit, etag).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.account(&at.account)?.tags(at).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.account(&at.account)?.replace_tags(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.account(&warrant.address().account)?.delete(warrant).await
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        self.account(&container.account)?.identity(container).await
    }
}
