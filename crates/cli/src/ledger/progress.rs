//! Progress of a verification: a bar on a terminal, plain lines elsewhere.

use std::io::Write;

use indicatif::ProgressBar;
use pipeline::ledger::VerificationStep;

use crate::output::progress::bar;

/// Bytes per plain line.
const BYTES_PER_LINE: u64 = 10 << 30;

const BYTES: &str = "{msg:10} [{bar:24}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";

#[derive(Debug, Default)]
pub(super) struct VerificationProgress {
    phase: &'static str,
    bar: Option<ProgressBar>,
    done: u64,
}

impl VerificationProgress {
    /// Shows a step that is not a finding.
    pub(super) fn step(&mut self, step: &VerificationStep) {
        match step {
            VerificationStep::Lines(bytes) => self.phase("ledger", *bytes),
            VerificationStep::Recordings(bytes) => self.phase("recordings", *bytes),
            VerificationStep::LineBytes(bytes) | VerificationStep::RecordingBytes(bytes) => self.add(*bytes),
            VerificationStep::Found(_) => {}
        }
    }

    /// Hides the bar while `work` writes to the terminal.
    pub(super) fn aside(&self, work: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    /// Removes the bar.
    pub(super) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn phase(&mut self, phase: &'static str, bytes: u64) {
        self.end();
        (self.phase, self.done) = (phase, 0);
        self.bar = bar(Some(bytes), BYTES);
        match &self.bar {
            Some(bar) => bar.set_message(phase),
            None => say(&format!("{phase}: {} MiB", bytes >> 20)),
        }
    }

    fn add(&mut self, bytes: u64) {
        let before = self.done;
        self.done += bytes;
        match &self.bar {
            Some(bar) => bar.set_position(self.done),
            None if before / BYTES_PER_LINE < self.done / BYTES_PER_LINE => {
                say(&format!("{}: {} GiB so far", self.phase, self.done >> 30));
            }
            None => {}
        }
    }
}

fn say(line: &str) {
    // A closed standard error is ignored.
    let _ = writeln!(std::io::stderr(), "{line}");
}
