//! Replaces the tags of a blob.

use std::collections::HashMap;

use azure_core::http::{Etag, RequestContent, XmlFormat};
use azure_storage_blob::models::{BlobClientSetTagsOptions, BlobTags};
use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, Fault, TagWrite};

use super::{AzureBlobs, condition, is_absent};
use crate::client::{Failure, ServiceAnswer};

impl AzureBlobs {
    /// Replaces all tags if the content has this ETag and the guard tags still have the values read before.
    ///
    /// Reads content and tags first, then sends a write conditional on both. The conditions close the gap between the
    /// requests if the service enforces them. The reads narrow the gap if it does not, as on an emulator. A condition
    /// on an absent tag never holds, so the condition names only guards read before.
    pub(super) async fn tag(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        let object = format!("tag blob {at}");
        let blob = self.blob(at, &object)?;
        tags.check().map_err(|reason| Fault::permanent(&*object, reason))?;
        let if_tags = condition::requiring_tags(read.guards()).map_err(|reason| Fault::permanent(&*object, reason))?;
        if !self.has_content(at, etag).await? {
            return Ok(TagWrite::ContentGone);
        }
        if if_tags.is_some() {
            match self.tags(at).await? {
                None => return Ok(TagWrite::ContentGone),
                Some(now) if !now.keeps_guards_of(read) => return Ok(TagWrite::TagsMoved),
                Some(_) => {}
            }
        }
        let if_match = Some(Etag::from(format!("\"{}\"", etag.as_str())));
        let options = BlobClientSetTagsOptions { if_match, if_tags, ..BlobClientSetTagsOptions::default() };
        let written = match body(tags) {
            Ok(body) => blob.set_tags(body, Some(options)).await,
            Err(error) => Err(error),
        };
        match written.map_err(Failure::from) {
            Ok(_) => Ok(TagWrite::Written),
            Err(failure) if is_absent(&failure) => Ok(TagWrite::ContentGone),
            // The answer does not say which condition failed.
            Err(failure) if failure.answer == ServiceAnswer::PreconditionFailed => {
                let is_there = self.has_content(at, etag).await?;
                Ok(if is_there { TagWrite::TagsMoved } else { TagWrite::ContentGone })
            }
            Err(failure) => Err(failure.fault(object)),
        }
    }

    async fn has_content(&self, at: &BlobAddress, etag: &ETag) -> Result<bool, Fault> {
        Ok(self.properties(at).await?.is_some_and(|found| found.etag == *etag))
    }
}

fn body(tags: &TagSet) -> azure_core::Result<RequestContent<BlobTags, XmlFormat>> {
    let tags: HashMap<_, _> = tags.0.clone().into_iter().collect();
    BlobTags::from(tags).try_into()
}
