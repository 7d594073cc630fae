//! Stored form of a sidecar: JSON, version 1.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use domain::address::BlobName;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::Fault;
use serde::{Deserialize, Serialize};

use super::super::fault::fault;
use super::Sidecar;

/// Version to write, and the newest to read.
const SCHEMA: u32 = 1;

/// Reads a sidecar with the name of its blob. Returns `None` if it is absent or damaged.
///
/// # Errors
/// Returns a permanent fault if a newer version wrote it.
pub(super) fn read(path: &Path) -> Result<Option<(BlobName, Sidecar)>, Fault> {
    let object = || format!("read {}", path.display());
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(object(), error)),
    };
    match serde_json::from_slice(&text) {
        Ok(Version { schema }) if schema > SCHEMA => {
            let reason = format!("a newer version of the archivist wrote it (schema {schema}, known is {SCHEMA})");
            Err(Fault::permanent(object(), reason))
        }
        _ => {
            let sidecar = decode(&text);
            if sidecar.is_none() {
                tracing::warn!(path = %path.display(), "damaged sidecar counts as absent");
            }
            Ok(sidecar)
        }
    }
}

/// Writes a sidecar atomically: readers see the old one or the new one.
pub(super) fn replace(path: &Path, name: &BlobName, sidecar: &Sidecar) -> io::Result<()> {
    let text = encode(name, sidecar)?;
    let written = path.with_extension(format!("{}.tmp", std::process::id()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&written, text)?;
    fs::rename(&written, path)
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    schema: u32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    announced: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<StoredTags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_by: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredTags {
    etag: String,
    set: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

fn encode(name: &BlobName, sidecar: &Sidecar) -> serde_json::Result<Vec<u8>> {
    let tags = sidecar.tags.clone();
    serde_json::to_vec(&Stored {
        schema: SCHEMA,
        name: name.as_str().to_owned(),
        created_at: sidecar.created_at,
        announced: sidecar.announced.as_ref().map(|etag| etag.as_str().to_owned()),
        tags: tags.map(|(etag, set)| StoredTags { etag: etag.as_str().to_owned(), set: set.0 }),
        deleted_by: sidecar.deleted_by.clone(),
    })
}

fn decode(text: &[u8]) -> Option<(BlobName, Sidecar)> {
    let stored: Stored = serde_json::from_slice(text).ok()?;
    let sidecar = Sidecar {
        created_at: stored.created_at,
        announced: stored.announced.map(|etag| ETag::new(&etag)),
        tags: stored.tags.map(|tags| (ETag::new(&tags.etag), TagSet(tags.set))),
        deleted_by: stored.deleted_by,
    };
    Some((BlobName::parse(&stored.name).ok()?, sidecar))
}
