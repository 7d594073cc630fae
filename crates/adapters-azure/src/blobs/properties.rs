//! Converts the SDK's blob properties and tags.

use std::collections::HashMap;

use azure_core::http::{Etag, NoFormat, Response};
use azure_core::time::OffsetDateTime;
use azure_storage_blob::models::{
    BlobClientGetPropertiesResult, BlobClientGetPropertiesResultHeaders, BlobItem, BlobTags,
};
use domain::address::BlobName;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::ListedBlob;

/// Converts the headers of an answer. Returns `None` if creation time, last modification, ETag or size is missing.
pub(super) fn of_answer(
    answer: &Response<BlobClientGetPropertiesResult, NoFormat>,
) -> azure_core::Result<Option<BlobProperties>> {
    let (created, modified) = (time(answer.creation_time()?), time(answer.last_modified()?));
    let (etag, size) = (etag(answer.etag()?), answer.content_length()?);
    let (tier, content_type) = (answer.access_tier()?, answer.content_type()?);
    Ok(properties(created, modified, etag, size).map(|given| BlobProperties { tier, content_type, ..given }))
}

/// Converts an item of a listing. Returns `None` if its name is invalid or a required property is missing.
pub(super) fn of_item(item: BlobItem, with_tags: bool) -> Option<ListedBlob> {
    let name = BlobName::parse(&item.name?).ok()?;
    let given = item.properties?;
    let (created, modified) = (time(given.creation_time), time(given.last_modified));
    let (tier, content_type) = (given.access_tier.map(|tier| tier.to_string()), given.content_type);
    let properties = properties(created, modified, etag(given.etag), given.content_length)?;
    let tags = with_tags.then(|| item.blob_tags.map(tags).unwrap_or_default());
    Some(ListedBlob { name, properties: BlobProperties { tier, content_type, ..properties }, tags })
}

pub(super) fn tags(given: BlobTags) -> TagSet {
    TagSet(HashMap::from(given).into_iter().collect())
}

fn properties(
    created_at: Option<Timestamp>,
    last_modified: Option<Timestamp>,
    etag: Option<ETag>,
    size: Option<u64>,
) -> Option<BlobProperties> {
    let (created_at, last_modified, etag, size) = (created_at?, last_modified?, etag?, size?);
    Some(BlobProperties { created_at, last_modified, etag, size, tier: None, content_type: None })
}

fn time(given: Option<OffsetDateTime>) -> Option<Timestamp> {
    Timestamp::from_second(given?.unix_timestamp()).ok()
}

pub(super) fn etag(given: Option<Etag>) -> Option<ETag> {
    given.map(|etag| ETag::new(etag.as_ref()))
}
