//! Maps accounts, containers and blobs to folders and files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use pipeline::ports::Fault;

use super::fault::fault;
use super::file::{File, look};
use super::{Folder, file_name};

impl Folder {
    /// Reads the file of a blob. Returns `None` if it is absent or behind a link.
    pub(super) fn file(&self, at: &BlobAddress) -> Result<Option<File>, Fault> {
        let look = || {
            let Some(path) = self.blob_path(at) else { return Ok(None) };
            if self.is_in_folders(&path)? { File::at(&path) } else { Ok(None) }
        };
        look().map_err(|error| fault(format!("read blob {at}"), error))
    }

    /// Like [`file`](Self::file) for a blob that [`names`](Self::names) just returned, so no link can be on its path.
    pub(super) fn named_file(&self, at: &BlobAddress) -> Result<Option<File>, Fault> {
        let file = self.blob_path(at).map_or(Ok(None), |path| File::at(&path));
        file.map_err(|error| fault(format!("read blob {at}"), error))
    }

    /// Names of all blobs of a container, in order. Returns `None` if the container does not exist.
    pub(super) fn names(&self, container: &ContainerAddress) -> Result<Option<Vec<BlobName>>, Fault> {
        let list = || {
            let path = self.container_path(container);
            if !self.is_in_folders(&path)? || !is_folder(&path)? {
                return Ok(None);
            }
            let mut names = Vec::new();
            self.collect(&path, &mut names)?;
            names.sort_unstable();
            Ok(Some(names))
        };
        list().map_err(|error| fault(format!("list container {container}"), error))
    }

    /// Every container of every account, unordered.
    pub(super) fn containers(&self) -> Result<Vec<ContainerAddress>, Fault> {
        let root = &self.shared.root;
        let list = || {
            let mut containers = Vec::new();
            for (account, path) in folders(root)? {
                for (container, _) in folders(&path)? {
                    let address = ContainerAddress::parse(&account, &container).ok();
                    // Parsing folds upper case, but a folder's name is case-sensitive.
                    containers.extend(address.filter(|address| address.account.as_str() == account));
                }
            }
            io::Result::Ok(containers)
        };
        list().map_err(|error| fault(format!("list {}", root.display()), error))
    }

    fn collect(&self, container: &Path, names: &mut Vec<BlobName>) -> io::Result<()> {
        let mut open = vec![(container.to_owned(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let file_name = entry.file_name();
                if file_name.as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                let kind = entry.file_type()?;
                let Some(segment) = file_name::segment_of(&file_name) else {
                    self.skip(entry.path(), "not a valid blob name here");
                    continue;
                };
                if kind.is_dir() {
                    open.push((entry.path(), format!("{prefix}{segment}/")));
                } else if !kind.is_file() {
                    self.skip(entry.path(), "a link or a device");
                } else if let Ok(name) = BlobName::parse(&format!("{prefix}{segment}")) {
                    names.push(name);
                } else {
                    self.skip(entry.path(), "longer than a blob name");
                }
            }
        }
        Ok(())
    }

    /// True if everything between the root and this path is a real folder, not a link.
    fn is_in_folders(&self, path: &Path) -> io::Result<bool> {
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != self.shared.root) {
            if !is_folder(folder)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Subfolders of a folder, without links.
fn folders(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let (true, Ok(name)) = (entry.file_type()?.is_dir(), entry.file_name().into_string()) {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}

/// True if the path is a real folder, not a link.
pub(super) fn is_folder(path: &Path) -> io::Result<bool> {
    Ok(look(path)?.is_some_and(|metadata| metadata.is_dir()))
}
