//! Reads pieces of a file.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use domain::address::BlobAddress;
use domain::record::blob::ETag;
use pipeline::ports::{Fault, Piece};

use super::Folder;
use super::fault::fault;

impl Folder {
    /// Reads a piece of a blob's file; all its bytes belong to one content.
    pub(super) fn piece(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        let object = || format!("read blob {at}");
        let (Some(file), Some(path)) = (self.file(at)?, self.blob_path(at)) else {
            return Ok(None);
        };
        let found = file.etag();
        if etag.is_some_and(|etag| *etag != found) {
            return Ok(None);
        }
        let limit = usize::try_from(file.size.saturating_sub(from)).unwrap_or(usize::MAX).min(limit);
        let bytes = bytes(&path, from, limit).map_err(|error| fault(object(), error))?;
        // A concurrent write may have mixed the bytes of two contents.
        if bytes.len() < limit || self.file(at)?.is_none_or(|file| file.etag() != found) {
            return Err(Fault::transient(object(), "it was written while it was read"));
        }
        Ok(Some(Piece { bytes, etag: found, size: file.size }))
    }
}

fn bytes(path: &Path, from: u64, limit: usize) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(limit);
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
