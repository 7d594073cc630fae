//! Deletes a blob under the conditions of its warrant.

use azure_core::http::request::options::ClientRequestId;
use azure_core::http::{ClientMethodOptions, Context, Etag};
use azure_storage_blob::models::BlobClientDeleteOptions;
use domain::policy::retention::Warrant;
use pipeline::ports::{BlobDelete, BlobStore, Fault};

use super::{AzureBlobs, condition, is_absent};
use crate::client::{Failure, ServiceAnswer};

/// Reason of a refusal by service error code, worded for the operator.
const REASONS: [(&str, &str); 4] = [
    ("BlobImmutableDueToPolicy", "an immutability policy of storage keeps it"),
    ("BlobImmutableDueToLegalHold", "a legal hold of storage keeps it"),
    ("LeaseIdMissing", "a lease is held on it"),
    ("SnapshotsPresent", "it has snapshots that were not checked"),
];

impl AzureBlobs {
    /// Deletes the blob the warrant names.
    ///
    /// Reads the tags first, then sends a deletion conditional on content and tags. The condition closes the gap
    /// between the two requests if the service enforces it. The read narrows the gap if it does not: an emulator
    /// ignores the tag condition when an ETag is given.
    pub(super) async fn delete_by(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        let at = warrant.address();
        let object = format!("delete blob {at}");
        let blob = self.blob(at, &object)?;
        let if_tags = condition::requiring_tags(warrant.tags().iter().map(|(key, value)| (*key, value.as_str())));
        let if_tags = if_tags.map_err(|reason| Fault::permanent(&*object, reason))?;
        match self.tags(at).await? {
            None => return Ok(BlobDelete::Gone),
            Some(tags) if !warrant.fits(&tags) => return Ok(BlobDelete::Changed),
            Some(_) => {}
        }
        match blob.delete(Some(options(warrant, if_tags))).await.map_err(Failure::from) {
            Ok(_) => Ok(BlobDelete::Deleted),
            Err(failure) if is_absent(&failure) => Ok(BlobDelete::Gone),
            // The blob is gone, so no content can match: an emulator answers 412 when the SDK repeats a deletion
            // whose answer was lost.
            Err(failure) if failure.answer == ServiceAnswer::PreconditionFailed => match self.properties(at).await? {
                Some(_) => Ok(BlobDelete::Changed),
                None => Ok(BlobDelete::Gone),
            },
            Err(failure) => Err(fault(failure, object)),
        }
    }
}

/// Options of the deletion: conditions on content and tags, and the client request id for the service's log.
///
/// Snapshots are not deleted with the blob: the bastion makes none, so nothing has checked them. The service refuses
/// to delete a blob with snapshots.
fn options(warrant: &Warrant, if_tags: Option<String>) -> BlobClientDeleteOptions<'static> {
    let mut context = Context::new();
    context.insert(ClientRequestId::new(warrant.client_request_id().to_owned()));
    BlobClientDeleteOptions {
        if_match: Some(Etag::from(format!("\"{}\"", warrant.etag().as_str()))),
        if_tags,
        method_options: ClientMethodOptions { context },
        ..BlobClientDeleteOptions::default()
    }
}

/// Converts a failed deletion into a fault; `object` reads well after "failed to".
fn fault(failure: Failure, object: String) -> Fault {
    let reason = REASONS.into_iter().find(|(code, _)| failure.code() == Some(*code));
    match reason {
        Some((_, reason)) => failure.fault(format!("{object}: {reason}")),
        None => failure.fault(object),
    }
}
