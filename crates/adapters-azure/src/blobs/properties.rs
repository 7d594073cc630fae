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
    Ok(properties(created, modified, etag, size).map(|told| BlobProperties { tier, content_type, ..told }))
}

/// Converts an item of a listing. Returns `None` if its name is invalid or a required property is missing.
pub(super) fn of_item(item: BlobItem, with_tags: bool) -> Option<ListedBlob> {
    let name = BlobName::parse(&item.name?).ok()?;
    let told = item.properties?;
    let (created, modified) = (time(told.creation_time), time(told.last_modified));
    let (tier, content_type) = (told.access_tier.map(|tier| tier.to_string()), told.content_type);
    let properties = properties(created, modified, etag(told.etag), told.content_length)?;
    let tags = with_tags.then(|| item.blob_tags.map(tags).unwrap_or_default());
    Some(ListedBlob { name, properties: BlobProperties { tier, content_type, ..properties }, tags })
}

pub(super) fn tags(told: BlobTags) -> TagSet {
    TagSet(HashMap::from(told).into_iter().collect())
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

fn time(told: Option<OffsetDateTime>) -> Option<Timestamp> {
    Timestamp::from_second(told?.unix_timestamp()).ok()
}

pub(super) fn etag(told: Option<Etag>) -> Option<ETag> {
    told.map(|etag| ETag::new(etag.as_ref()))
}
