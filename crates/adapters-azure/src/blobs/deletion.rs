//! Deleting a blob by its warrant.

use azure_core::http::request::options::ClientRequestId;
use azure_core::http::{ClientMethodOptions, Context, Etag};
use azure_storage_blob::models::BlobClientDeleteOptions;
use domain::retention::Warrant;
use pipeline::ports::{BlobDelete, BlobStore, Fault};

use super::{AzureBlobs, condition, is_absent};
use crate::client::{Answer, Failure};

/// What a refusal means to whoever has to mend it, by the service's code.
const REASONS: [(&str, &str); 4] = [
    ("BlobImmutableDueToPolicy", "an immutability policy of storage keeps it"),
    ("BlobImmutableDueToLegalHold", "a legal hold of storage keeps it"),
    ("LeaseIdMissing", "somebody holds a lease on it"),
    ("SnapshotsPresent", "it has snapshots, at which nobody looked"),
];

impl AzureBlobs {
    /// Deletes what the warrant names.
    ///
    /// A look at the tags goes before the deletion, and the deletion itself is conditional on content and tags: the
    /// condition closes the gap between the two where the service enforces it, the look narrows it where it does not, as
    /// on an emulator, which passes over the tags where there is an ETag.
    pub(super) async fn delete_by(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        let at = warrant.address();
        let object = format!("delete blob {at}");
        let blob = self.blob(at, &object)?;
        let if_tags = condition::of(warrant.tags().iter().map(|(key, value)| (*key, value.as_str())));
        let if_tags = if_tags.map_err(|reason| Fault::permanent(&*object, reason))?;
        match self.tags(at).await? {
            None => return Ok(BlobDelete::Gone),
            Some(tags) if !warrant.fits(&tags) => return Ok(BlobDelete::Changed),
            Some(_) => {}
        }
        match blob.delete(Some(options(warrant, if_tags))).await.map_err(Failure::from) {
            Ok(_) => Ok(BlobDelete::Deleted),
            Err(failure) if is_absent(&failure) => Ok(BlobDelete::Gone),
            // A blob that is gone has no content that could be the one asked for: an emulator answers so when the SDK
            // repeats a deletion whose answer was lost.
            Err(failure) if failure.answer == Answer::PreconditionFailed => match self.properties(at).await? {
                Some(_) => Ok(BlobDelete::Changed),
                None => Ok(BlobDelete::Gone),
            },
            Err(failure) => Err(fault(failure, object)),
        }
    }
}

/// What the service is asked to hold the deletion to: the content, the tags, and the name in its log.
///
/// Snapshots are left out: the bastion makes none, and what was not looked at is not deleted. The service refuses to
/// delete a blob that has some.
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

/// The fault of a deletion that failed; `object` reads well after "failed to".
fn fault(failure: Failure, object: String) -> Fault {
    let reason = REASONS.into_iter().find(|(code, _)| failure.code() == Some(*code));
    match reason {
        Some((_, reason)) => failure.fault(format!("{object}: {reason}")),
        None => failure.fault(object),
    }
}
