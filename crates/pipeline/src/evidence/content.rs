//! Copies the content of a recording into a bundle.

use std::io::{Seek, Write};

use domain::record::blob::ETag;
use domain::record::catalogue::Entry;
use evidence::{BundleWriter, ContentSection, FileSum, content_name};

use super::ExportError;
use super::audit_index::is_worth_a_repeat;
use crate::ledger::hash_blob;
use crate::ports::{BlobStore, Fault, Piece};

/// Bytes per read; one piece is in memory.
const PIECE: usize = 4 << 20;

/// Copies the content as it is now. A content that cannot be read is unknown, with the reason.
pub(super) async fn copy_content<W: Write + Seek>(
    blobs: &dyn BlobStore,
    entry: &Entry,
    bundle: &mut BundleWriter<W>,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<ContentSection, ExportError> {
    if !entry.state.is_there() {
        return Ok(unknown(format!("the recording is {}", entry.state.name())));
    }
    let first = match blobs.read(&entry.address, 0, PIECE, None).await {
        Ok(Some(piece)) => piece,
        Ok(None) => return Ok(unknown("the blob does not exist".to_owned())),
        Err(fault) => return refused(fault),
    };
    match is_of_entry(blobs, entry, &first.etag).await {
        Ok(true) => {}
        Ok(false) => {
            return Ok(unknown("the blob was written since it was catalogued; it may be another recording".to_owned()));
        }
        Err(fault) => return refused(fault),
    }
    let name = content_name(entry.id);
    bundle.begin(&name)?;
    match copy(blobs, entry, first, bundle, on_bytes).await {
        Ok(Some(FileSum { size, sha256 })) => {
            let (size, sha256) = (Some(size), Some(sha256.to_string()));
            Ok(ContentSection { file: Some(name), size, sha256, unknown: None })
        }
        Ok(None) => {
            bundle.abandon();
            Ok(unknown("the blob changed while it was read".to_owned()))
        }
        Err(ExportError::Port(fault)) => {
            bundle.abandon();
            refused(fault)
        }
        Err(error) => Err(error),
    }
}

/// Returns true if the version of the blob is the catalogued one, or has the same content. The name may belong to a later
/// recording of which no event came yet.
async fn is_of_entry(blobs: &dyn BlobStore, entry: &Entry, etag: &ETag) -> Result<bool, Fault> {
    if entry.life.etag().is_none_or(|known| known == *etag) {
        return Ok(true);
    }
    let Some(print) = &entry.custody.fingerprint else { return Ok(false) };
    let hashed = hash_blob(blobs, &entry.address, Some(etag)).await?;
    Ok(hashed.is_some_and(|hashed| hashed.sha256 == print.sha256))
}

async fn copy<W: Write + Seek>(
    blobs: &dyn BlobStore,
    entry: &Entry,
    mut piece: Piece,
    bundle: &mut BundleWriter<W>,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<Option<FileSum>, ExportError> {
    let mut from = 0;
    loop {
        from += piece.bytes.len() as u64;
        bundle.add(&piece.bytes)?;
        on_bytes(piece.bytes.len() as u64);
        if from >= piece.size {
            return Ok(Some(bundle.end()?));
        }
        if piece.bytes.is_empty() {
            let object = format!("read blob {}", entry.address);
            return Err(Fault::transient(object, "it ended without any bytes").into());
        }
        let Some(next) = blobs.read(&entry.address, from, PIECE, Some(&piece.etag)).await? else {
            return Ok(None);
        };
        piece = next;
    }
}

/// A fault that a retry may fix ends the export; any other makes the content unknown.
fn refused(fault: Fault) -> Result<ContentSection, ExportError> {
    if is_worth_a_repeat(&fault) {
        return Err(fault.into());
    }
    Ok(unknown(fault.to_string()))
}

fn unknown(reason: String) -> ContentSection {
    ContentSection { file: None, size: None, sha256: None, unknown: Some(reason) }
}
