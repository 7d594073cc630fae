//! Reads dead letters as Event Grid writes them: blobs in a container of the archivist's own account.

use std::fmt;

use async_trait::async_trait;
use azure_core::http::Url;
use azure_storage_blob::BlobContainerClient;
use azure_storage_blob::models::{BlobContainerClientListBlobsOptions, BlobItem};
use domain::address::ContainerName;
use futures_util::StreamExt;
use jiff::Timestamp;
use pipeline::ports::{DeadLetterFile, DeadLetters, Fault};

use crate::blobs::{is_absent, is_container_absent, service};
use crate::client::{AccessError, Failure, StorageAccess};

/// Largest page of a listing, in blobs.
const LONGEST_PAGE: usize = 5_000;

/// Dead letters in a container. The container is created together with the event subscription, not here.
pub struct AzureDeadLetters {
    container: BlobContainerClient,
}

impl AzureDeadLetters {
    /// Opens the dead letters in this container of the account at this blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(access: &StorageAccess, endpoint: &Url, container: &ContainerName) -> Result<Self, AccessError> {
        Ok(Self { container: service(access, endpoint)?.blob_container_client(container.as_str()) })
    }
}

#[async_trait]
impl DeadLetters for AzureDeadLetters {
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault> {
        let fault = |failure: Failure| failure.fault("list the dead letters");
        let options = BlobContainerClientListBlobsOptions {
            // The service starts with this very name, an emulator from the beginning; the filter below drops both.
            start_from: after.map(str::to_owned),
            maxresults: i32::try_from(limit.saturating_add(1).clamp(1, LONGEST_PAGE)).ok(),
            ..BlobContainerClientListBlobsOptions::default()
        };
        let pages = self.container.list_blobs(Some(options)).map_err(|error| fault(Failure::from(error)))?;
        let mut pages = pages.into_pages();
        let mut files = Vec::new();
        while files.len() < limit
            && let Some(page) = pages.next().await
        {
            let page = match page.map_err(Failure::from) {
                Err(failure) if is_container_absent(&failure) => return Ok(files),
                page => page.map_err(fault)?.into_model().map_err(|error| fault(Failure::from(error)))?,
            };
            let more = page.next_marker.is_some_and(|marker| !marker.is_empty());
            let listed = page.blob_items.into_iter().filter_map(file);
            files.extend(listed.filter(|file| after.is_none_or(|after| file.name.as_str() > after)));
            if !more {
                break;
            }
        }
        files.truncate(limit);
        Ok(files)
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let object = || format!("read dead letter {name}");
        let found = match self.container.blob_client(name).download(None).await.map_err(Failure::from) {
            Ok(found) => found,
            Err(failure) if is_absent(&failure) => return Ok(None),
            Err(failure) => return Err(failure.fault(object())),
        };
        let content = found.body.collect().await.map_err(|error| Failure::from(error).fault(object()))?;
        Ok(Some(content.to_vec()))
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        match self.container.blob_client(name).delete(None).await.map_err(Failure::from) {
            Err(failure) if !is_absent(&failure) => Err(failure.fault(format!("remove dead letter {name}"))),
            _ => Ok(()),
        }
    }
}

/// Converts an item of the listing. Returns `None` if name or properties are missing.
fn file(item: BlobItem) -> Option<DeadLetterFile> {
    let properties = item.properties?;
    let written_at = properties.last_modified.map(azure_core::time::OffsetDateTime::unix_timestamp_nanos);
    let written_at = written_at.and_then(|at| Timestamp::from_nanosecond(at).ok()).unwrap_or_default();
    Some(DeadLetterFile { name: item.name?, size: properties.content_length.unwrap_or_default(), written_at })
}

impl fmt::Debug for AzureDeadLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AzureDeadLetters({})", self.container.url())
    }
}
