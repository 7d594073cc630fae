//! Progress of exports and verifications: a bar on a terminal, plain lines elsewhere.

use std::io::{self, Read};

use indicatif::{HumanBytes, ProgressBar};
use pipeline::evidence::EvidenceStep;

use crate::output::note;
use crate::output::progress::bar;

const RECORDINGS_PER_LINE: u64 = 1_000;
const BYTES_PER_LINE: u64 = 10 << 30;

/// Progress of an export.
pub struct ExportProgress {
    bar: Option<ProgressBar>,
    recordings: u64,
    bytes: u64,
    ledger: u64,
}

impl ExportProgress {
    /// Starts at zero.
    pub fn begin() -> Self {
        Self { bar: bar(None, "{spinner} {msg}"), recordings: 0, bytes: 0, ledger: 0 }
    }

    /// Shows a step.
    pub fn step(&mut self, step: EvidenceStep) {
        let (recordings, bytes) = (self.recordings, self.bytes);
        match step {
            EvidenceStep::Recording => self.recordings += 1,
            EvidenceStep::ContentBytes(more) => self.bytes += more,
            EvidenceStep::LedgerBytes(more) => self.ledger += more,
        }
        let is_line = self.recordings / RECORDINGS_PER_LINE > recordings / RECORDINGS_PER_LINE
            || self.bytes / BYTES_PER_LINE > bytes / BYTES_PER_LINE;
        match &self.bar {
            Some(bar) => bar.set_message(self.text()),
            None if is_line => note(&self.text()),
            None => {}
        }
    }

    /// Removes the bar.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn text(&self) -> String {
        let Self { recordings, bytes, ledger, .. } = self;
        format!("{recordings} recordings, {} of content, {} of ledger", HumanBytes(*bytes), HumanBytes(*ledger))
    }
}

/// Reader that shows how much of a file was read.
pub struct CountedReader<R> {
    input: R,
    bar: Option<ProgressBar>,
    read: u64,
}

impl<R> CountedReader<R> {
    /// Starts at the beginning of a file of this length.
    pub fn new(input: R, length: u64) -> Self {
        Self { input, bar: bar(Some(length), "[{bar:24}] {bytes}/{total_bytes}  {eta} left"), read: 0 }
    }
}

impl<R: Read> Read for CountedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let before = self.read;
        self.read += count as u64;
        match &self.bar {
            Some(bar) => bar.set_position(self.read),
            None if self.read / BYTES_PER_LINE > before / BYTES_PER_LINE => {
                note(&format!("{} read so far", HumanBytes(self.read)));
            }
            None => {}
        }
        Ok(count)
    }
}

impl<R> Drop for CountedReader<R> {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
