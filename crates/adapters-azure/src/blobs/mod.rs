//! The blobs port on one storage account.

mod condition;
mod deletion;
mod identity;
mod piece;
mod properties;
mod reachable;
mod service;
mod tagging;

use std::fmt;

use async_trait::async_trait;
use azure_core::http::{Response, StatusCode, Url, XmlFormat};
use azure_storage_blob::models::{BlobContainerClientListBlobsOptions, ListBlobsIncludeItem, ListBlobsResponse};
use azure_storage_blob::{BlobClient, BlobServiceClient};
use domain::address::{AccountName, BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use futures_util::StreamExt;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite};

use crate::client::{AccessError, Failure, ServerDate, ServiceAnswer, StorageAccess};
pub(crate) use piece::read as read_piece;
pub(crate) use service::{is_container_absent, service};

/// Largest page of a listing the service returns, in blobs.
const LONGEST_PAGE: usize = 5_000;

/// Blobs of one storage account.
pub struct AzureBlobs {
    service: BlobServiceClient,
    account: AccountName,
    time: Option<ServerDate>,
    identity: StoreId,
}

impl AzureBlobs {
    /// Connects to the blobs of this account at its blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(access: &StorageAccess, endpoint: &Url, account: AccountName) -> Result<Self, AccessError> {
        let identity = identity::identity(endpoint, &account);
        Ok(Self { service: service(access, endpoint)?, account, time: access.server_date().cloned(), identity })
    }

    /// Reports the identity of another client: an emulator behind a proxy has another port but the same blobs.
    #[cfg(feature = "testing")]
    pub fn known_as(mut self, other: &Self) -> Self {
        self.identity = other.identity.clone();
        self
    }

    fn check_account(&self, account: &AccountName, object: &str) -> Result<(), Fault> {
        if *account == self.account {
            return Ok(());
        }
        Err(Fault::permanent(object, format!("the account called here is {}", self.account.as_str())))
    }

    async fn page(&self, request: ListBlobs<'_>) -> azure_core::Result<Option<Response<ListBlobsResponse, XmlFormat>>> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: Some(request.prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
            marker: request.marker.map(str::to_owned),
            maxresults: i32::try_from(request.limit.clamp(1, LONGEST_PAGE)).ok(),
            include: request.with_tags.then(|| vec![ListBlobsIncludeItem::Tags]),
            ..BlobContainerClientListBlobsOptions::default()
        };
        let container = self.service.blob_container_client(request.container.container.as_str());
        container.list_blobs(Some(options))?.into_pages().next().await.transpose()
    }

    /// Returns the client of a blob, or a permanent fault if the SDK would call another URL for this name.
    fn blob(&self, at: &BlobAddress, object: &str) -> Result<BlobClient, Fault> {
        self.check_account(&at.account, object)?;
        reachable::check(&at.name).map_err(|reason| Fault::permanent(object, reason))?;
        Ok(self.service.blob_client(at.container.as_str(), at.name.as_str()))
    }
}

#[async_trait]
impl BlobStore for AzureBlobs {
    fn time(&self) -> StorageTime {
        self.time.as_ref().map_or(StorageTime::NoClock, ServerDate::time)
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        let object = format!("read blob {at}");
        let answer = self.blob(at, &object)?.get_properties(None).await;
        let Some(answer) = present(answer, &object)? else { return Ok(None) };
        let result = properties::of_answer(&answer).map_err(|error| Failure::from(error).fault(&*object))?;
        result.map(Some).ok_or_else(|| incomplete(object))
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let object = format!("list container {}", request.container);
        self.check_account(&request.container.account, &object)?;
        let (mut answer, mut has_tags) = (self.page(request).await, request.with_tags);
        if request.with_tags && answer.as_ref().is_err_and(is_refused) {
            // The tags are unknown then, but the blobs are not.
            (answer, has_tags) = (self.page(ListBlobs { with_tags: false, ..request }).await, false);
        }
        let Some(answer) = present(answer, &object)? else { return Ok(None) };
        let Some(answer) = answer else { return Ok(Some(BlobPage::default())) };
        let page = answer.into_model().map_err(|error| Failure::from(error).fault(&*object))?;
        let blobs: Option<_> = page.blob_items.into_iter().map(|item| properties::of_item(item, has_tags)).collect();
        let blobs = blobs.ok_or_else(|| incomplete(object))?;
        // The last page carries an empty marker.
        Ok(Some(BlobPage { blobs, next: page.next_marker.filter(|marker| !marker.is_empty()) }))
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        let object = format!("read blob {at}");
        let result = piece::read(&self.blob(at, &object)?, from, limit, etag).await;
        match result {
            Ok(piece) => piece.map(Some).ok_or_else(|| incomplete(object)),
            Err(failure) if failure.answer == ServiceAnswer::PreconditionFailed || is_absent(&failure) => Ok(None),
            Err(failure) => Err(failure.fault(object)),
        }
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let object = format!("read the tags of blob {at}");
        let answer = self.blob(at, &object)?.get_tags(None).await;
        let Some(answer) = present(answer, &object)? else { return Ok(None) };
        let result = answer.into_model().map_err(|error| Failure::from(error).fault(object))?;
        Ok(Some(properties::tags(result)))
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.tag(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.delete_by(warrant).await
    }

    async fn identity(&self, _container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        Ok(Some(self.identity.clone()))
    }
}

/// Returns `None` if the answer reports an absent blob or container.
fn present<T>(answer: azure_core::Result<T>, object: &str) -> Result<Option<T>, Fault> {
    match answer.map_err(Failure::from) {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if is_absent(&failure) => Ok(None),
        Err(failure) => Err(failure.fault(object)),
    }
}

fn is_refused(error: &azure_core::Error) -> bool {
    error.http_status() == Some(StatusCode::Forbidden)
}

/// True if the answer reports an absent blob or container.
pub(crate) fn is_absent(failure: &Failure) -> bool {
    failure.answer == ServiceAnswer::NotFound || is_container_absent(failure)
}

/// Fault of an incomplete answer: a proxy may have removed headers, the service always sends them.
fn incomplete(object: String) -> Fault {
    Fault::transient(object, "the answer lacks an ETag, a length or a time")
}

impl fmt::Debug for AzureBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AzureBlobs({})", self.account.as_str())
    }
}
