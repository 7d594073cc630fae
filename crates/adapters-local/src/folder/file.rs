//! Reads the metadata of one file.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use domain::digest;
use domain::record::blob::{BlobProperties, ETag, whole_second};
use jiff::Timestamp;

/// Metadata of a file at one moment.
#[derive(Debug)]
pub(super) struct File {
    pub(super) size: u64,
    pub(super) modified_at: Timestamp,
    born_at: Option<Timestamp>,
}

impl File {
    /// Reads a path without following links. Returns `None` if it is absent or not a file.
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

    /// ETag of the content: a hash over size and modification time in nanoseconds. A copy that keeps both has the
    /// same ETag.
    pub(super) fn etag(&self) -> ETag {
        let written = self.modified_at.as_nanosecond().to_be_bytes();
        ETag::new(&format!("0x{:016X}", digest::number(&[&written, &self.size.to_be_bytes()], 64)))
    }

    /// Creation time as far as the file shows it: a file copied with its times is older than its inode.
    pub(super) fn created_at(&self) -> Timestamp {
        whole_second(self.born_at.map_or(self.modified_at, |born_at| born_at.min(self.modified_at)))
    }

    /// Properties of the blob; `noted` is the creation time in its sidecar.
    pub(super) fn properties(&self, noted: Option<Timestamp>) -> BlobProperties {
        let created_at = noted.unwrap_or_else(|| self.created_at());
        BlobProperties {
            created_at,
            // A file may carry an older time, but a blob is never modified before its creation.
            last_modified: whole_second(self.modified_at).max(created_at),
            etag: self.etag(),
            size: self.size,
            tier: None,
            content_type: Some("application/octet-stream".to_owned()),
        }
    }
}

/// Metadata of a path, links not followed. Returns `None` if nothing is there or the name is impossible.
pub(super) fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Ok(None),
            _ => Err(error),
        },
    }
}

/// Converts a file time. Some file systems hold times after the year 9999; these become 1970.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}
