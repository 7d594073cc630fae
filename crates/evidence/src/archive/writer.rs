//! Writes a bundle.

use std::io::{self, Seek, SeekFrom, Write};

use domain::record::ledger::{Hashing, Sha256};

use super::MOST_FILES;
use super::format::{FileFrame, LONGEST_NAME, end};
use crate::envelope::Envelope;
use crate::manifest::{Manifest, ManifestFile};
use crate::names::{ENVELOPE, MANIFEST};

/// Writer of a bundle. Files are streamed: only their names, sizes and hashes stay in memory, about 200 bytes each.
pub struct BundleWriter<W> {
    output: W,
    files: Vec<FileFrame>,
    sums: Vec<ManifestFile>,
    open: Option<OpenFile>,
    /// Offset behind the last complete file.
    at: u64,
}

struct OpenFile {
    frame: FileFrame,
    crc: crc32fast::Hasher,
    hashing: Hashing,
}

/// Length and hash of a written file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileSum {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: Sha256,
}

impl<W: Write + Seek> BundleWriter<W> {
    /// Starts an empty bundle at the beginning of `output`.
    pub fn new(output: W) -> Self {
        Self { output, files: Vec::new(), sums: Vec::new(), open: None, at: 0 }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The output fails, the name is too long, or there are too many files.
    pub fn begin(&mut self, name: &str) -> io::Result<()> {
        if name.len() > LONGEST_NAME || self.files.len() >= MOST_FILES {
            return Err(io::Error::other("a bundle has at most 250,000 files; export fewer recordings at once"));
        }
        let frame = FileFrame { name: name.to_owned(), crc: 0, size: 0, offset: self.at };
        self.output.seek(SeekFrom::Start(self.at))?;
        self.output.write_all(&frame.local())?;
        self.open = Some(OpenFile { frame, crc: crc32fast::Hasher::new(), hashing: Hashing::default() });
        Ok(())
    }

    /// Adds content to the file.
    ///
    /// # Errors
    /// The output fails.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.crc.update(bytes);
        open.hashing.add(bytes);
        open.frame.size += bytes.len() as u64;
        self.output.write_all(bytes)
    }

    /// Ends the file: writes its sizes into the header. Returns its length and hash.
    ///
    /// # Errors
    /// The output fails.
    pub fn end(&mut self) -> io::Result<FileSum> {
        let Some(OpenFile { mut frame, crc, hashing }) = self.open.take() else {
            return Err(io::Error::other("no file is open"));
        };
        frame.crc = crc.finalize();
        let sum = FileSum { size: frame.size, sha256: hashing.done() };
        self.output.seek(SeekFrom::Start(frame.offset))?;
        self.output.write_all(&frame.local())?;
        self.at = frame.offset + frame.local_length() + frame.size;
        self.output.seek(SeekFrom::Start(self.at))?;
        if frame.name != MANIFEST && frame.name != ENVELOPE {
            self.sums.push(ManifestFile { name: frame.name.clone(), size: sum.size, sha256: sum.sha256.to_string() });
        }
        self.files.push(frame);
        Ok(sum)
    }

    /// Drops the open file, as if it had never begun.
    pub fn abandon(&mut self) {
        self.open = None;
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// See [`Self::begin`].
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<FileSum> {
        self.begin(name)?;
        self.add(bytes)?;
        self.end()
    }

    /// Writes the manifest with the files written so far. Returns its bytes, which a signature covers.
    ///
    /// # Errors
    /// See [`Self::begin`].
    pub fn manifest(&mut self, manifest: Manifest) -> io::Result<Vec<u8>> {
        let bytes = Manifest { files: std::mem::take(&mut self.sums), ..manifest }.bytes();
        self.file(MANIFEST, &bytes)?;
        Ok(bytes)
    }

    /// Writes the signature, if there is one, and the end of the archive. Returns the output and the length of the
    /// archive: what an abandoned file left behind it must be cut off.
    ///
    /// # Errors
    /// See [`Self::begin`].
    pub fn finish(mut self, envelope: Option<&Envelope>) -> io::Result<(W, u64)> {
        if let Some(envelope) = envelope {
            self.file(ENVELOPE, &envelope.bytes())?;
        }
        self.output.seek(SeekFrom::Start(self.at))?;
        let mut size = 0;
        for file in &self.files {
            let entry = file.central();
            size += entry.len() as u64;
            self.output.write_all(&entry)?;
        }
        let end = end(self.files.len() as u64, self.at, size);
        self.output.write_all(&end)?;
        self.output.flush()?;
        Ok((self.output, self.at + size + end.len() as u64))
    }
}
