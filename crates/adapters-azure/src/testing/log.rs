//! Writes an append blob as diagnostic settings do.

use azure_core::http::RequestContent;
use azure_storage_blob::BlobClient;

/// Creates an empty log, replacing any existing blob.
pub async fn begin_log(blob: &BlobClient) -> azure_core::Result<()> {
    blob.append_blob_client().create(None).await.map(drop)
}

/// Appends to the end of a log.
pub async fn append_to_log(blob: &BlobClient, content: &[u8]) -> azure_core::Result<()> {
    let length = content.len() as u64;
    blob.append_blob_client().append_block(RequestContent::from(content.to_vec()), length, None).await.map(drop)
}
