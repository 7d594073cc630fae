//! Stores the ledger in a folder: `DIR/000001.jsonl` and so on, with a file `lock` that serializes writers.
//!
//! An append returns only after the data is on disk. A crash in the middle may leave an incomplete line. Nothing is
//! added after such a line: the next append starts a new segment, which names the hash of that line. The line is not
//! cut off, because it cannot be distinguished from a complete one whose end was removed.

mod segment_file;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use domain::record::ledger::SegmentNumber;
use pipeline::ports::{Appended, Extent, Fault, Ledger};
use tokio::task;

use crate::folder::fault::fault;

const ENDING: &str = ".jsonl";
const LOCK: &str = "lock";

/// Segments in a folder, which is created with the first one. Several processes may write to it.
#[derive(Debug, Clone)]
pub struct FolderLedger {
    folder: Arc<Path>,
}

impl FolderLedger {
    /// Opens the ledger in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into().into() }
    }

    /// Runs disk work away from the threads that serve requests.
    async fn run<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let ledger = self.clone();
        let object = format!("{what} the ledger in {}", self.folder.display());
        let done = task::spawn_blocking(move || work(&ledger)).await;
        done.map_err(|stopped| Fault::transient(&*object, stopped))?.map_err(|error| fault(object, error))
    }

    fn path(&self, segment: SegmentNumber) -> PathBuf {
        self.folder.join(format!("{segment}{ENDING}"))
    }

    /// Takes the shared lock after writers have finished. Returns `None` if the ledger was never written.
    fn lock_to_read(&self) -> io::Result<Option<File>> {
        let Some(lock) = present(File::open(self.folder.join(LOCK)))? else {
            return Ok(None);
        };
        lock.lock_shared()?;
        Ok(Some(lock))
    }

    /// Takes the exclusive lock after readers and writers have finished.
    fn lock_to_write(&self) -> io::Result<File> {
        let lock = OpenOptions::new().create(true).append(true).open(self.folder.join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }

    fn list(&self) -> io::Result<Vec<SegmentNumber>> {
        let Some(entries) = present(fs::read_dir(&self.folder))? else {
            return Ok(Vec::new());
        };
        let names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        let number = |name: &str| name.strip_suffix(ENDING).and_then(SegmentNumber::parse);
        let mut segments: Vec<_> = names.iter().filter_map(|name| number(name.to_str()?)).collect();
        segments.sort_unstable();
        Ok(segments)
    }

    fn make(&self, segment: SegmentNumber) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let _lock = self.lock_to_write()?;
        OpenOptions::new().create(true).append(true).open(self.path(segment))?.sync_all()?;
        segment_file::sync_folder(&self.folder)
    }
}

#[async_trait]
impl Ledger for FolderLedger {
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault> {
        self.run("list", Self::list).await
    }

    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault> {
        self.run("make a segment of", move |ledger| ledger.make(segment)).await
    }

    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault> {
        let work = move |ledger: &Self| {
            let _lock = ledger.lock_to_read()?;
            let found = present(fs::metadata(ledger.path(segment)))?;
            Ok(found.map(|found| Extent { size: found.len(), blocks: 0 }))
        };
        self.run("inspect", work).await
    }

    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let work = move |ledger: &Self| {
            let _lock = ledger.lock_to_read()?;
            let file = present(File::open(ledger.path(segment)))?;
            file.map(|file| segment_file::piece(file, from, limit)).transpose()
        };
        self.run("read", work).await
    }

    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault> {
        let block = block.to_vec();
        let work = move |ledger: &Self| {
            let _lock = ledger.lock_to_write()?;
            segment_file::append(&ledger.path(segment), at, &block)
        };
        self.run("append to", work).await
    }
}

/// Maps an absent file to `None`.
fn present<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}
