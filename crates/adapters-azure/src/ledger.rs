//! Stores the ledger as append blobs in its own container: `000001.jsonl` and so on.
//!
//! Blobs are created only if absent, and blocks are appended only at the expected end; nothing is overwritten, sealed
//! or deleted. So the container may have an immutability policy that allows protected append writes.

use std::fmt;

use async_trait::async_trait;
use azure_core::http::{RequestContent, Url};
use azure_storage_blob::models::{
    AppendBlobClientAppendBlockOptions, AppendBlobClientCreateOptions, BlobClientGetPropertiesResultHeaders,
    BlobContainerClientListBlobsOptions,
};
use azure_storage_blob::{BlobClient, BlobContainerClient};
use domain::address::ContainerName;
use domain::record::ledger::SegmentNumber;
use futures_util::StreamExt;
use pipeline::ports::{Appended, Extent, Fault, Ledger};

use crate::blobs::{read_piece, service};
use crate::client::{AccessError, Failure, ServiceAnswer, StorageAccess};

const ENDING: &str = ".jsonl";

/// Codes of a blob that takes no more blocks: it has 50,000, or it was sealed.
const FULL_CODES: [&str; 2] = ["BlockCountExceedsLimit", "BlobIsSealed"];

/// Codes of a write to a blob under an immutability policy or legal hold.
const KEPT_CODES: [&str; 2] = ["BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold"];

/// Segments of a ledger in a container.
pub struct AzureLedger {
    container: BlobContainerClient,
}

impl AzureLedger {
    /// Opens the ledger in this container of the account at this blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(access: &StorageAccess, endpoint: &Url, container: &ContainerName) -> Result<Self, AccessError> {
        Ok(Self { container: service(access, endpoint)?.blob_container_client(container.as_str()) })
    }

    /// Creates the container if it is absent.
    pub async fn create_container(&self) -> Result<(), Fault> {
        match self.container.create(None).await.map_err(Failure::from) {
            Err(failure) if failure.answer != ServiceAnswer::Exists => {
                Err(failure.fault("create the ledger's container"))
            }
            _ => Ok(()),
        }
    }

    fn blob(&self, segment: SegmentNumber) -> BlobClient {
        self.container.blob_client(&format!("{segment}{ENDING}"))
    }

    async fn look(&self, segment: SegmentNumber) -> Result<Extent, Failure> {
        let answer = self.blob(segment).get_properties(None).await?;
        let blocks = answer.blob_committed_block_count()?.and_then(|blocks| u64::try_from(blocks).ok());
        Ok(Extent { size: answer.content_length()?.unwrap_or_default(), blocks: blocks.unwrap_or_default() })
    }
}

#[async_trait]
impl Ledger for AzureLedger {
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault> {
        let fault = |error| Failure::from(error).fault("list the ledger");
        let options = BlobContainerClientListBlobsOptions::default();
        let mut pages = self.container.list_blobs(Some(options)).map_err(fault)?.into_pages();
        let mut segments = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(fault)?.into_model().map_err(fault)?;
            let more = page.next_marker.is_some_and(|marker| !marker.is_empty());
            let names = page.blob_items.into_iter().filter_map(|item| item.name);
            segments.extend(names.filter_map(|name| SegmentNumber::parse(name.strip_suffix(ENDING)?)));
            if !more {
                break;
            }
        }
        segments.sort_unstable();
        Ok(segments)
    }

    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault> {
        let object = || format!("create segment {segment} of the ledger");
        let options = AppendBlobClientCreateOptions {
            blob_content_type: Some("application/x-ndjson".to_owned()),
            ..AppendBlobClientCreateOptions::default()
        };
        let created = self.blob(segment).append_blob_client().create(Some(options.if_not_exists())).await;
        let Err(failure) = created.map_err(Failure::from) else { return Ok(()) };
        match failure.answer {
            ServiceAnswer::Exists | ServiceAnswer::PreconditionFailed => Ok(()),
            // The documentation does not say if the service checks the condition or the policy first. A policy
            // protects only existing blobs, so a readable segment exists already.
            _ if failure.code().is_some_and(|code| KEPT_CODES.contains(&code)) => {
                self.look(segment).await.map(drop).map_err(|_| failure.fault(object()))
            }
            _ => Err(failure.fault(object())),
        }
    }

    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault> {
        found(self.look(segment).await, segment)
    }

    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let piece = found(read_piece(&self.blob(segment), from, limit, None).await, segment)?;
        let half = || Fault::transient(format!("read segment {segment} of the ledger"), "the answer was incomplete");
        piece.map(|piece| piece.map(|piece| piece.bytes).ok_or_else(half)).transpose()
    }

    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault> {
        let options = AppendBlobClientAppendBlockOptions {
            append_position: i64::try_from(at).ok(),
            ..AppendBlobClientAppendBlockOptions::default()
        };
        let content = RequestContent::from(block.to_vec());
        let appended =
            self.blob(segment).append_blob_client().append_block(content, block.len() as u64, Some(options)).await;
        match appended.map_err(Failure::from) {
            Ok(_) => Ok(Appended::Done),
            Err(failure) if failure.answer == ServiceAnswer::PreconditionFailed => Ok(Appended::Moved),
            Err(failure) if failure.code().is_some_and(|code| FULL_CODES.contains(&code)) => Ok(Appended::Full),
            Err(failure) => Err(failure.fault(format!("append to segment {segment} of the ledger"))),
        }
    }
}

/// Maps an absent segment to `None`.
fn found<T>(answer: Result<T, Failure>, segment: SegmentNumber) -> Result<Option<T>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(None),
        Err(failure) => Err(failure.fault(format!("read segment {segment} of the ledger"))),
    }
}

impl fmt::Debug for AzureLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AzureLedger({})", self.container.url())
    }
}
