//! Spool of the lines of the recordings: they are known before their place in the bundle.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use evidence::BundleWriter;

/// Bytes per read.
const PIECE: usize = 64 << 10;

/// Spool in a temporary file or in memory.
pub(super) struct Spool<S> {
    file: S,
}

impl<S: Read + Write + Seek> Spool<S> {
    pub(super) fn new(file: S) -> Self {
        Self { file }
    }

    /// Adds a line and its line feed.
    pub(super) fn add(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")
    }

    /// Copies all lines into a file of the bundle.
    pub(super) fn copy<W: Write + Seek>(&mut self, name: &str, bundle: &mut BundleWriter<W>) -> io::Result<()> {
        self.rewind()?;
        bundle.begin(name)?;
        let mut buffer = vec![0; PIECE];
        loop {
            match self.file.read(&mut buffer)? {
                0 => break,
                count => bundle.add(&buffer[..count])?,
            }
        }
        bundle.end().map(drop)
    }

    /// Returns the lines from the first one on.
    pub(super) fn lines(&mut self) -> io::Result<impl FnMut() -> io::Result<Option<Vec<u8>>> + use<'_, S>> {
        self.rewind()?;
        let mut reader = BufReader::with_capacity(PIECE, &mut self.file);
        Ok(move || {
            let mut line = Vec::new();
            Ok((reader.read_until(b'\n', &mut line)? > 0).then_some(line))
        })
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.seek(SeekFrom::Start(0)).map(drop)
    }
}
