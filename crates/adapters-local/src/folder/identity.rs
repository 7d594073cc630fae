//! Keeps an id in the folder, which distinguishes it from another folder at the same path.

use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use pipeline::ports::{Fault, StoreId};

use super::Folder;
use super::fault::fault;

/// File with the id, in the private folder.
pub(super) const FILE: &str = "store-id";
/// Longest accepted id, in bytes.
const LONGEST: usize = 64;

/// Writes a new id unless one exists. A folder without write permission stays without an id.
pub(super) fn make(private: &Path) -> io::Result<()> {
    let file = private.join(FILE);
    if file.exists() {
        return Ok(());
    }
    let id = new_id();
    // Linked only when complete, so readers never see half of it and the first of two writers wins.
    let draft = private.join(format!("{FILE}-{id}"));
    let mut written = OpenOptions::new().write(true).create_new(true).open(&draft)?;
    written.write_all(format!("{id}\n").as_bytes())?;
    written.sync_all()?;
    let linked = match fs::hard_link(&draft, &file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => fs::copy(&draft, &file).map(drop),
        Ok(()) => Ok(()),
    };
    fs::remove_file(&draft)?;
    linked
}

/// Returns a random id; the standard library seeds its hashers from the system's randomness.
fn new_id() -> String {
    let random = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}

impl Folder {
    /// Reads the id at every call, because the disk may be unmounted meanwhile.
    pub(super) fn store_id(&self) -> Result<StoreId, Fault> {
        let file = &self.shared.id;
        let text = fs::read_to_string(file).map_err(|error| {
            fault(format!("read the id of the folder in {}; is its disk mounted", file.display()), error)
        })?;
        let id = text.trim();
        let is_id = (1..=LONGEST).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if is_id {
            return Ok(StoreId::new(format!("folder {id}")));
        }
        let object = format!("read the id of the folder in {}", file.display());
        Err(Fault::transient(object, "it is not up to 64 letters, digits and hyphens"))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn id(root: &TempDir) -> String {
        let folder = Folder::open(root.path(), root.path().join(".archivist")).unwrap();
        folder.store_id().unwrap().as_str().to_owned()
    }

    #[test]
    fn a_folder_keeps_its_id_and_no_other_has_it() {
        let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        assert_eq!(id(&one), id(&one));
        assert_ne!(id(&one), id(&other));
    }

    #[test]
    fn a_folder_whose_id_file_vanished_has_no_identity() {
        let root = TempDir::new().unwrap();
        let folder = Folder::open(root.path(), root.path().join(".archivist")).unwrap();
        fs::remove_dir_all(root.path().join(".archivist")).unwrap();
        assert!(folder.store_id().is_err());
        fs::create_dir_all(root.path().join(".archivist")).unwrap();
        fs::write(root.path().join(".archivist").join(FILE), "half of\nan id").unwrap();
        assert!(folder.store_id().is_err());
    }
}
