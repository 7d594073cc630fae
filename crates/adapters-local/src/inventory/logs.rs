//! A folder with copies of audit logs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use domain::address::{BlobName, Printable};
use domain::record::blob::{BlobProperties, ETag, whole_second};
use jiff::Timestamp;
use pipeline::ports::{BlobPage, Fault, ListedBlob, Piece};

use crate::folder::fault::fault;

/// Files below a folder; each is a log named by its relative path.
#[derive(Debug, Clone, Default)]
pub struct LogFolder {
    files: BTreeMap<BlobName, PathBuf>,
    bytes: u64,
    newest: Option<Timestamp>,
}

impl LogFolder {
    /// Finds the files below a folder whose names `wanted` accepts. Hidden files and links are ignored.
    pub fn open(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Self, Fault> {
        let mut logs = Self::default();
        let mut open = vec![(folder.to_owned(), String::new())];
        let list = |(folder, _): &(PathBuf, String)| fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>();
        while let Some(next) = open.pop() {
            let object = || format!("list folder {}", next.0.display());
            for entry in list(&next).map_err(|error| fault(object(), error))? {
                let file_name = entry.file_name().to_string_lossy().into_owned();
                let kind = entry.file_type().map_err(|error| fault(object(), error))?;
                let name = format!("{}{file_name}", next.1);
                if file_name.starts_with('.') {
                    continue;
                }
                if kind.is_dir() {
                    open.push((entry.path(), format!("{name}/")));
                } else if let (true, Ok(blob)) = (kind.is_file() && wanted(&name), BlobName::parse(&name)) {
                    let properties = properties(&entry.path()).map_err(|error| fault(object(), error))?;
                    logs.bytes += properties.size;
                    logs.newest = logs.newest.max(Some(properties.last_modified));
                    logs.files.insert(blob, entry.path());
                }
            }
        }
        Ok(logs)
    }

    /// Number of logs.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Total size of the logs in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Latest modification time of a log: they were copied no earlier.
    pub fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    pub(super) fn page(&self, prefix: &str, marker: Option<&str>, limit: usize) -> Result<BlobPage, Fault> {
        let behind = marker.and_then(|marker| BlobName::parse(marker).ok());
        let range = (behind.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        let mut matching = self.files.range(range).filter(|(name, _)| name.as_str().starts_with(prefix));
        let mut page = BlobPage::default();
        for (name, path) in matching.by_ref().take(limit) {
            page.next = Some(name.as_str().to_owned());
            let properties = properties(path).map_err(|error| read_fault(name, error))?;
            page.blobs.push(ListedBlob { name: name.clone(), properties, tags: None });
        }
        if matching.next().is_none() {
            page.next = None;
        }
        Ok(page)
    }

    pub(super) fn properties(&self, name: &BlobName) -> Result<Option<BlobProperties>, Fault> {
        self.files.get(name).map(|path| properties(path)).transpose().map_err(|error| read_fault(name, error))
    }

    pub(super) fn piece(&self, name: &BlobName, from: u64, limit: usize) -> Result<Option<Piece>, Fault> {
        let read = |path: &PathBuf| {
            let mut file = File::open(path)?;
            let BlobProperties { etag, size, .. } = properties(path)?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(from))?;
            file.take(limit as u64).read_to_end(&mut bytes)?;
            Ok(Piece { bytes, etag, size })
        };
        self.files.get(name).map(read).transpose().map_err(|error| read_fault(name, error))
    }
}

fn properties(path: &Path) -> io::Result<BlobProperties> {
    let metadata = fs::metadata(path)?;
    let modified = metadata.modified()?;
    let last_modified = Timestamp::try_from(modified).map_err(io::Error::other)?;
    let etag = format!("{:x}-{:x}", metadata.len(), modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos());
    Ok(BlobProperties {
        created_at: whole_second(last_modified),
        last_modified: whole_second(last_modified),
        etag: ETag::new(&etag),
        size: metadata.len(),
        tier: None,
        content_type: None,
    })
}

fn read_fault(name: &BlobName, error: io::Error) -> Fault {
    fault(format!("read audit log {}", Printable(name.as_str())), error)
}
