//! The hash of a recording's content.

use domain::address::BlobAddress;
use domain::blob::ETag;
use domain::ledger::{Hashing, Sha256};
use futures_util::future::join;

use crate::ports::{BlobStore, Fault};

/// How many bytes are read at a time. One more piece is held: the one that is hashed meanwhile.
const PIECE: usize = 4 << 20;

/// The hash of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashed {
    /// The content's version.
    pub etag: ETag,
    /// Its length in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256,
}

/// Reads a blob from its first byte to its last, a piece at a time, and hashes it; with an ETag, that content only. `None`
/// when no blob is there, or another content, or when it was written while it was read.
pub async fn hash_blob(blobs: &dyn BlobStore, at: &BlobAddress, etag: Option<&ETag>) -> Result<Option<Hashed>, Fault> {
    hash_and_tell(blobs, at, etag, &mut |_| {}).await
}

/// The same, telling of each piece how long it is.
pub(super) async fn hash_and_tell(
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
            return Err(Fault::transient(format!("read blob {at}"), "nothing came before its end"));
        }
        let mut add = || {
            hashing.add(&piece.bytes);
            read(length);
        };
        if from >= piece.size {
            add();
            return Ok(Some(Hashed { etag: piece.etag, size: from, sha256: hashing.done() }));
        }
        // The next piece is on its way before this one is hashed.
        let next = blobs.read(at, from, PIECE, Some(&piece.etag));
        let (next, ()) = join(next, async { add() }).await;
        let Some(next) = next? else { return Ok(None) };
        piece = next;
    }
}
