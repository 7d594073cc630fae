//! What the file system tells about one file.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use domain::blob::{BlobProperties, ETag, whole_second};
use domain::digest;
use jiff::Timestamp;

/// A file, at one look.
#[derive(Debug)]
pub(super) struct File {
    pub(super) size: u64,
    pub(super) modified_at: Timestamp,
    born_at: Option<Timestamp>,
}

impl File {
    /// Looks at a path without following a link. `None` when no file is there.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        let Some(metadata) = look(path)?.filter(Metadata::is_file) else {
            return Ok(None);
        };
        Ok(Some(Self {
            size: metadata.len(),
            modified_at: timestamp(metadata.modified()?),
            born_at: metadata.created().ok().map(timestamp),
        }))
    }

    /// The content's version: another size or time of writing, to the nanosecond, is another content. A copy that
    /// keeps both is the same content.
    pub(super) fn etag(&self) -> ETag {
        let written = self.modified_at.as_nanosecond().to_be_bytes();
        ETag::new(&format!("0x{:016X}", digest::number(&[&written, &self.size.to_be_bytes()], 64)))
    }

    /// When the blob came to be, as far as the file can tell: a file copied with its times is older than its inode.
    pub(super) fn created_at(&self) -> Timestamp {
        whole_second(self.born_at.map_or(self.modified_at, |born_at| born_at.min(self.modified_at)))
    }

    /// The properties of the blob, with the creation time that a sidecar holds, if one does.
    pub(super) fn properties(&self, noted: Option<Timestamp>) -> BlobProperties {
        let created_at = noted.unwrap_or_else(|| self.created_at());
        BlobProperties {
            created_at,
            // A file may be given an older time; a blob is never written before it came to be.
            last_modified: whole_second(self.modified_at).max(created_at),
            etag: self.etag(),
            size: self.size,
            tier: None,
            content_type: Some("application/octet-stream".to_owned()),
        }
    }
}

/// What is at a path, links not followed. `None` when nothing is, or nothing can be.
pub(super) fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Ok(None),
            _ => Err(error),
        },
    }
}

/// A time beyond the year 9999, which some file systems hold, tells nothing.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}
