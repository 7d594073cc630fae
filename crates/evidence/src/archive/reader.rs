//! Reads a bundle from its first byte to its last, and compares all framing with the canonical form.

use std::io::{self, Read};

use domain::record::ledger::{Hashing, Sha256};

use super::MOST_FILES;
use super::format::{FileFrame, LOCAL, LOCAL_EXTRA, LOCAL_LENGTH, LONGEST_NAME, end};

/// Bytes per read.
const PIECE: usize = 64 << 10;

/// Reader of an archive.
pub struct ArchiveReader<R> {
    input: R,
    /// Offset of the next byte.
    at: u64,
    files: Vec<FileFrame>,
    /// First bytes of the next header, already read.
    ahead: Vec<u8>,
    buffer: Vec<u8>,
}

/// Result of looking for the next file.
pub enum NextFile {
    /// A file begins. The text names a difference of its header, if any.
    File(FileFrame, Option<String>),
    /// No further file begins here.
    Directory,
    /// The framing is broken; nothing behind it can be read.
    Broken(String),
}

/// Content of a file, as read.
pub struct ContentSum {
    /// SHA-256 of the content.
    pub sha256: Sha256,
    /// Bytes missing at the end of the archive.
    pub missing: u64,
    /// True if the checksum in the header fits.
    pub is_crc_right: bool,
}

impl<R: Read> ArchiveReader<R> {
    /// Starts at the beginning of an archive.
    pub fn new(input: R) -> Self {
        Self { input, at: 0, files: Vec::new(), ahead: Vec::new(), buffer: vec![0; PIECE] }
    }

    /// Reads the header of the next file.
    pub fn next(&mut self) -> io::Result<NextFile> {
        let mut header = self.take(LOCAL_LENGTH)?;
        if u32_at(&header, 0) != Some(LOCAL) {
            self.ahead = header;
            return Ok(NextFile::Directory);
        }
        let offset = self.at;
        let name_length = u16_at(&header, 26).map_or(usize::MAX, usize::from);
        if name_length > LONGEST_NAME || self.files.len() >= MOST_FILES {
            return Ok(NextFile::Broken(format!("the file header at byte {offset} is not one of a bundle")));
        }
        let rest = self.take(name_length + LOCAL_EXTRA)?;
        header.extend(&rest);
        let name = rest.get(..name_length).and_then(|name| std::str::from_utf8(name).ok()).map(str::to_owned);
        let size = u64_at(&header, LOCAL_LENGTH + name_length + 4);
        let (Some(name), Some(size), Some(crc)) = (name, size, u32_at(&header, 14)) else {
            return Ok(NextFile::Broken(format!("the file header at byte {offset} is cut off or not readable")));
        };
        let frame = FileFrame { name, crc, size, offset };
        let differs = difference(&header, &frame.local())
            .map(|at| format!("the file header differs from the form of a bundle at byte {}", offset + at as u64));
        self.at += header.len() as u64;
        self.files.push(frame.clone());
        Ok(NextFile::File(frame, differs))
    }

    /// Reads the content of the file whose header was read last, and passes it on piece by piece.
    pub fn content(&mut self, frame: &FileFrame, mut each: impl FnMut(&[u8])) -> io::Result<ContentSum> {
        let (mut crc, mut hashing, mut missing) = (crc32fast::Hasher::new(), Hashing::default(), frame.size);
        while missing > 0 {
            let wanted = usize::try_from(missing).unwrap_or(PIECE).min(PIECE);
            let count = read(&mut self.input, &mut self.buffer[..wanted])?;
            if count == 0 {
                break;
            }
            let piece = &self.buffer[..count];
            crc.update(piece);
            hashing.add(piece);
            each(piece);
            (missing, self.at) = (missing - count as u64, self.at + count as u64);
        }
        Ok(ContentSum { sha256: hashing.done(), missing, is_crc_right: crc.finalize() == frame.crc })
    }

    /// Compares everything behind the last file with the expected directory and end. Returns the first difference.
    pub fn rest(mut self) -> io::Result<Option<String>> {
        let directory_at = self.at;
        let mut size = 0;
        for at in 0..self.files.len() {
            let expected = self.files[at].central();
            size += expected.len() as u64;
            if let Some(difference) = self.expect(&expected, "directory of the archive")? {
                return Ok(Some(difference));
            }
        }
        let expected = end(self.files.len() as u64, directory_at, size);
        if let Some(difference) = self.expect(&expected, "end of the archive")? {
            return Ok(Some(difference));
        }
        let more = self.take(1)?;
        Ok((!more.is_empty()).then(|| format!("bytes follow the end of the archive, from byte {}", self.at)))
    }

    fn expect(&mut self, expected: &[u8], what: &str) -> io::Result<Option<String>> {
        let found = self.take(expected.len())?;
        if let Some(at) = difference(&found, expected) {
            let place = self.at + at as u64;
            return Ok(Some(if at == found.len() {
                format!("the archive ends at byte {place}, within the {what}")
            } else {
                format!("the {what} differs at byte {place}")
            }));
        }
        self.at += expected.len() as u64;
        Ok(None)
    }

    /// Reads bytes, fewer only at the end.
    fn take(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = std::mem::take(&mut self.ahead);
        if bytes.len() > count {
            self.ahead = bytes.split_off(count);
            return Ok(bytes);
        }
        let mut filled = bytes.len();
        bytes.resize(count, 0);
        while filled < count {
            match read(&mut self.input, &mut bytes[filled..])? {
                0 => break,
                more => filled += more,
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }
}

fn read(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Returns the offset of the first difference. An end before that of `expected` is one.
fn difference(found: &[u8], expected: &[u8]) -> Option<usize> {
    (found != expected).then(|| found.iter().zip(expected).take_while(|(one, other)| one == other).count())
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}
