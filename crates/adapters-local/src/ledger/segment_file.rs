//! Reads and appends one segment; the caller holds the lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use pipeline::ports::Appended;

/// Reads up to `limit` bytes from offset `from`.
pub(super) fn piece(mut file: File, from: u64, limit: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Appends a block to an existing segment and syncs it to disk. Returns `Full` after an incomplete line, and `Moved`
/// if the end is not at `at`.
pub(super) fn append(path: &Path, at: u64, block: &[u8]) -> io::Result<Appended> {
    let mut file = OpenOptions::new().read(true).append(true).open(path)?;
    let size = file.metadata()?.len();
    if size > 0 && last_byte(&mut file, size)? != b'\n' {
        return Ok(Appended::Full);
    }
    if size != at {
        return Ok(Appended::Moved);
    }
    let written = file.write_all(block).and_then(|()| file.sync_data());
    // A full disk took a part of the block; the lock kept everyone else from reading that part.
    written.inspect_err(|_| drop(file.set_len(at)))?;
    Ok(Appended::Done)
}

/// Syncs the folder, so the names of its files survive a crash.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn last_byte(file: &mut File, size: u64) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::Start(size - 1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}
