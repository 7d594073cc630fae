//! Stores the configuration as a blob, with the accepted versions beside it.

use std::fmt;

use async_trait::async_trait;
use azure_core::http::{Etag, RequestContent, Url};
use azure_storage_blob::BlobContainerClient;
use azure_storage_blob::models::{BlobClientDownloadOptions, BlobClientUploadOptions};
use domain::address::{BlobName, ContainerName};
use pipeline::ports::{ConfigurationRead, ConfigurationSource, Fault, TaggedText};

use crate::blobs::{is_container_absent, service};
use crate::client::{AccessError, Failure, ServiceAnswer, StorageAccess};

/// Prefix of the accepted versions.
const KEPT: &str = "kept/";

/// Suffix of the blob that holds the last accepted version.
const LAST_GOOD: &str = ".last-good";

/// Configuration in a blob of the archivist's own container.
pub struct AzureConfiguration {
    container: BlobContainerClient,
    name: String,
}

impl AzureConfiguration {
    /// Opens the configuration in this blob of the account at this blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(
        access: &StorageAccess,
        endpoint: &Url,
        container: &ContainerName,
        name: &BlobName,
    ) -> Result<Self, AccessError> {
        let container = service(access, endpoint)?.blob_container_client(container.as_str());
        Ok(Self { container, name: name.as_str().to_owned() })
    }

    /// Reads a blob, unless its ETag is `known`.
    async fn look(&self, name: &str, known: Option<&str>) -> Result<ConfigurationRead, Failure> {
        let options =
            BlobClientDownloadOptions { if_none_match: known.map(Etag::from), ..BlobClientDownloadOptions::default() };
        let found = match self.container.blob_client(name).download(Some(options)).await.map_err(Failure::from) {
            Ok(found) => found,
            Err(failure) if failure.answer == ServiceAnswer::NotModified => return Ok(ConfigurationRead::Same),
            Err(failure) if failure.answer == ServiceAnswer::NotFound || is_container_absent(&failure) => {
                return Ok(ConfigurationRead::Nothing);
            }
            Err(failure) => return Err(failure),
        };
        let tag = found.properties.etag.map(|tag| tag.to_string()).unwrap_or_default();
        let text = String::from_utf8_lossy(&found.body.collect().await?).into_owned();
        Ok(ConfigurationRead::Text(TaggedText { text, tag }))
    }

    /// Writes a blob under a condition. Returns the new ETag, or `None` if the condition does not hold.
    async fn upload(
        &self,
        name: &str,
        text: &str,
        options: BlobClientUploadOptions<'_>,
    ) -> Result<Option<String>, Failure> {
        let options = BlobClientUploadOptions { blob_content_type: Some("application/yaml".to_owned()), ..options };
        let content = RequestContent::from(text.as_bytes().to_vec());
        match self.container.blob_client(name).upload(content, Some(options)).await.map_err(Failure::from) {
            Ok(written) => Ok(Some(written.etag.map(|tag| tag.to_string()).unwrap_or_default())),
            Err(failure) if matches!(failure.answer, ServiceAnswer::Exists | ServiceAnswer::PreconditionFailed) => {
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Creates the container if it is absent.
    async fn create_container(&self) -> Result<(), Fault> {
        match self.container.create(None).await.map_err(Failure::from) {
            Err(failure) if failure.answer != ServiceAnswer::Exists => {
                Err(failure.fault("create the configuration's container"))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl ConfigurationSource for AzureConfiguration {
    async fn read(&self, known: Option<&str>) -> Result<ConfigurationRead, Fault> {
        self.look(&self.name, known).await.map_err(|failure| failure.fault(format!("read configuration {self:?}")))
    }

    async fn replace(&self, before: Option<&str>, text: &str) -> Result<Option<String>, Fault> {
        let options = BlobClientUploadOptions::default();
        let options = match before {
            Some(tag) => BlobClientUploadOptions { if_match: Some(Etag::from(tag)), ..options },
            None => {
                self.create_container().await?;
                options.if_not_exists()
            }
        };
        let written = self.upload(&self.name, text, options).await;
        written.map_err(|failure| failure.fault(format!("replace configuration {self:?}")))
    }

    async fn keep(&self, digest: &str, text: &str) -> Result<(), Fault> {
        let fault = |failure: Failure| failure.fault(format!("keep configuration {digest}"));
        let kept = format!("{KEPT}{digest}.yaml");
        self.upload(&kept, text, BlobClientUploadOptions::default().if_not_exists()).await.map_err(fault)?;
        let last = format!("{}{LAST_GOOD}", self.name);
        self.upload(&last, text, BlobClientUploadOptions::default()).await.map(drop).map_err(fault)
    }

    async fn last_good(&self) -> Result<Option<String>, Fault> {
        let fault = |failure: Failure| failure.fault(format!("read the last good version of configuration {self:?}"));
        match self.look(&format!("{}{LAST_GOOD}", self.name), None).await.map_err(fault)? {
            ConfigurationRead::Text(found) => Ok(Some(found.text)),
            ConfigurationRead::Same | ConfigurationRead::Nothing => Ok(None),
        }
    }
}

impl fmt::Debug for AzureConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.container.url(), self.name)
    }
}
