//! Hashes the content of recordings.

use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::ledger::{Hashing, Sha256};
use futures_util::future::join;

use crate::ports::{BlobStore, Fault};

/// Bytes per read. Two pieces are held in memory: one is read while the other is hashed.
const PIECE: usize = 4 << 20;

/// Hash of a blob's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed {
    /// ETag of the content.
    pub etag: ETag,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: Sha256,
}

/// Hashes a blob piece by piece; with an ETag, only that version. Returns `None` if the blob is gone, has another
/// version, or changes during the read.
///
/// Returns an error if a read fails or a piece is empty before the end.
pub async fn hash_blob(blobs: &dyn BlobStore, at: &BlobAddress, etag: Option<&ETag>) -> Result<Option<Hashed>, Fault> {
    hash_with_progress(blobs, at, etag, &mut |_| {}).await
}

/// Like [`hash_blob`], and reports the length of each piece to `read`.
pub(super) async fn hash_with_progress(
    blobs: &dyn BlobStore,
    at: &BlobAddress,
    etag: Option<&ETag>,
    read: &mut (dyn FnMut(u64) + Send),
) -> Result<Option<Hashed>, Fault> {
    let Some(mut piece) = blobs.read(at, 0, PIECE, etag).await? else {
        return Ok(None);
    };
    let (mut from, mut hashing) = (0, Hashing::default());
    loop {
        let length = piece.bytes.len() as u64;
        from += length;
        if from < piece.size && length == 0 {
            return Err(Fault::transient(format!("read blob {at}"), "it ended without any bytes"));
        }
        let mut add = || {
            hashing.add(&piece.bytes);
            read(length);
        };
        if from >= piece.size {
            add();
            return Ok(Some(Hashed { etag: piece.etag, size: from, sha256: hashing.done() }));
        }
        // Request the next piece before hashing this one.
        let next = blobs.read(at, from, PIECE, Some(&piece.etag));
        let (next, ()) = join(next, async { add() }).await;
        let Some(next) = next? else { return Ok(None) };
        piece = next;
    }
}
