//! Writes a blob as the bastion does.

use azure_core::http::{Etag, RequestContent};
use azure_core::time::OffsetDateTime;
use azure_storage_blob::BlobClient;
use azure_storage_blob::models::{
    BlockBlobClientCommitBlockListOptions, BlockBlobClientCommitBlockListResultHeaders, BlockLookupList,
};
use domain::record::blob::ETag;
use jiff::Timestamp;

/// Writes a recording, replacing any existing one, with these tags as a query string. Returns the ETag and time of
/// the new content.
///
/// Uses a list of blocks: the service keeps the creation time over every rewrite, the emulator only over this kind.
pub async fn write_recording(
    blob: &BlobClient,
    content: Vec<u8>,
    tags: Option<&str>,
) -> azure_core::Result<Option<(ETag, Timestamp)>> {
    let blocks = blob.block_blob_client();
    let mut list = Vec::new();
    if !content.is_empty() {
        let length = content.len() as u64;
        blocks.stage_block(b"0", length, RequestContent::from(content), None).await?;
        list.push(b"0".to_vec());
    }
    let list = BlockLookupList { latest: Some(list), ..BlockLookupList::default() };
    let options = BlockBlobClientCommitBlockListOptions {
        blob_content_type: Some("application/octet-stream".to_owned()),
        blob_tags_string: tags.filter(|tags| !tags.is_empty()).map(str::to_owned),
        ..BlockBlobClientCommitBlockListOptions::default()
    };
    let written = blocks.commit_block_list(list.try_into()?, Some(options)).await?;
    let (etag, at) = (written.etag()?, written.last_modified()?);
    Ok(etag.zip(at).and_then(|(etag, at)| told(&etag, at)))
}

fn told(etag: &Etag, at: OffsetDateTime) -> Option<(ETag, Timestamp)> {
    Some((ETag::new(etag.as_ref()), Timestamp::from_second(at.unix_timestamp()).ok()?))
}
