//! Reads pieces of a blob's content.

use azure_core::http::Etag;
use azure_storage_blob::BlobClient;
use azure_storage_blob::models::{
    BlobClientDownloadOptions, BlobClientGetPropertiesOptions, BlobClientGetPropertiesResultHeaders,
};
use domain::record::blob::ETag;
use pipeline::ports::Piece;

use super::properties;
use crate::client::{Failure, ServiceAnswer};

/// Reads up to `limit` bytes from offset `from`, conditional on the ETag if one is given. Returns `None` if the
/// answer lacks the size or the ETag.
pub(crate) async fn read(
    blob: &BlobClient,
    from: u64,
    limit: usize,
    etag: Option<&ETag>,
) -> Result<Option<Piece>, Failure> {
    let if_match = etag.map(|etag| Etag::from(format!("\"{}\"", etag.as_str())));
    if limit == 0 {
        return nothing(blob, if_match).await;
    }
    let options = BlobClientDownloadOptions {
        range: Some((from..from.saturating_add(limit as u64)).into()),
        if_match: if_match.clone(),
        ..BlobClientDownloadOptions::default()
    };
    match blob.download(Some(options)).await.map_err(Failure::from) {
        Ok(answer) => {
            // An empty blob has no range, and the SDK then requests the whole blob.
            let of_range = answer.headers.get_optional_str(&"content-range".into()).and_then(whole_size);
            let size = of_range.or(answer.properties.content_length);
            let (Some(size), Some(etag)) = (size, properties::etag(answer.properties.etag)) else {
                return Ok(None);
            };
            let bytes = answer.body.collect().await?.to_vec();
            Ok(Some(Piece { bytes, etag, size }))
        }
        Err(failure) if failure.answer == ServiceAnswer::RangeNotSatisfiable => nothing(blob, if_match).await,
        Err(failure) => Err(failure),
    }
}

/// Reads size and ETag if there are no bytes to read: the range is at the end, behind it, or empty.
async fn nothing(blob: &BlobClient, if_match: Option<Etag>) -> Result<Option<Piece>, Failure> {
    let options = BlobClientGetPropertiesOptions { if_match, ..BlobClientGetPropertiesOptions::default() };
    let answer = blob.get_properties(Some(options)).await?;
    let (etag, size) = (properties::etag(answer.etag()?), answer.content_length()?);
    Ok(etag.zip(size).map(|(etag, size)| Piece { bytes: Vec::new(), etag, size }))
}

/// Parses the total size, in bytes, from `bytes 3-6/10`.
fn whole_size(range: &str) -> Option<u64> {
    range.rsplit_once('/')?.1.parse().ok()
}
