//! Reads dead letters from a folder or a single file.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{DeadLetterFile, DeadLetters, Fault};
use tokio::task;

use crate::folder::fault::fault;

/// Most nested folders searched; Event Grid creates seven.
const DEEPEST: usize = 32;

/// Files of a folder and its subfolders, or one file. Hidden files and targets of links are ignored.
#[derive(Debug, Clone)]
pub struct FolderDeadLetters {
    place: Arc<Path>,
}

impl FolderDeadLetters {
    /// Opens the dead letters in this folder or file. A missing one counts as empty.
    pub fn new(place: impl Into<PathBuf>) -> Self {
        Self { place: place.into().into() }
    }

    async fn run<T: Send + 'static>(
        &self,
        what: &str,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let letters = self.clone();
        let object = format!("{what} of the dead letters in {}", self.place.display());
        let done = task::spawn_blocking(move || work(&letters)).await;
        done.map_err(|stopped| Fault::transient(&*object, stopped))?.map_err(|error| fault(object, error))
    }

    /// Path of a file. `None` for a name that would lead out of the folder.
    fn path(&self, name: &str) -> Option<PathBuf> {
        if self.place.is_file() {
            let is_it = self.place.file_name().is_some_and(|file| file.to_str() == Some(name));
            return is_it.then(|| self.place.to_path_buf());
        }
        let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
        name.split('/').all(is_plain).then(|| self.place.join(name))
    }

    fn files(&self) -> io::Result<Vec<DeadLetterFile>> {
        let mut files = Vec::new();
        match present(fs::metadata(&self.place))? {
            None => {}
            Some(found) if found.is_dir() => walk(&self.place, "", DEEPEST, &mut files)?,
            Some(found) => {
                files.extend(self.place.file_name().and_then(|name| name.to_str()).map(|name| file(name, &found)));
            }
        }
        files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }
}

fn walk(folder: &Path, above: &str, deeper: usize, files: &mut Vec<DeadLetterFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let (path, name) = (entry.path(), format!("{above}{name}"));
        let Some(found) = present(fs::symlink_metadata(&path))? else { continue };
        if found.is_dir() && deeper > 0 {
            walk(&path, &format!("{name}/"), deeper - 1, files)?;
        } else if found.is_file() {
            files.push(file(&name, &found));
        }
    }
    Ok(())
}

fn file(name: &str, found: &fs::Metadata) -> DeadLetterFile {
    let written_at = found.modified().ok().and_then(|at| Timestamp::try_from(at).ok()).unwrap_or_default();
    DeadLetterFile { name: name.to_owned(), size: found.len(), written_at }
}

/// Maps an absent file to `None`.
fn present<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        found => found.map(Some),
    }
}

#[async_trait]
impl DeadLetters for FolderDeadLetters {
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault> {
        let files = self.run("list the files", Self::files).await?;
        let behind = |file: &DeadLetterFile| after.is_none_or(|after| file.name.as_str() > after);
        Ok(files.into_iter().filter(behind).take(limit).collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some(path) = self.path(name) else { return Ok(None) };
        self.run(&format!("read file {name}"), move |_| present(fs::read(path))).await
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        let Some(path) = self.path(name) else { return Ok(()) };
        self.run(&format!("remove file {name}"), move |_| present(fs::remove_file(path)).map(drop)).await
    }
}
