//! Progress of a backfill: a bar with rate and remaining time on a terminal, plain lines elsewhere.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;

use crate::output::progress::bar;

/// Number of recordings, or of entries and sessions, per plain line.
const PER_LINE: u64 = 10_000;
/// Bytes of logs per plain line.
const BYTES_PER_LINE: u64 = 64 << 20;

const BYTES: &str = "{msg:11} [{bar:24}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
const COUNTED: &str = "{msg:11} [{bar:24}] {human_pos}/{human_len}  {per_sec}  {eta} left";
const UNCOUNTED: &str = "{msg:11} {spinner} {human_pos}  {per_sec}";

/// Amount of work, as far as known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WorkAmount {
    pub recordings: u64,
    pub bytes: u64,
}

pub(super) struct BackfillProgress(Mutex<State>);

struct State {
    total: WorkAmount,
    phase: &'static str,
    bar: Option<ProgressBar>,
    done: u64,
}

impl BackfillProgress {
    /// Starts without a phase.
    pub(super) fn begin(total: WorkAmount) -> Self {
        Self(Mutex::new(State { total, phase: "", bar: None, done: 0 }))
    }

    /// Starts the next phase.
    pub(super) fn phase(&self, phase: &'static str) {
        let mut state = self.state();
        state.clear();
        (state.phase, state.done) = (phase, 0);
        let template = match phase {
            "audit logs" => BYTES,
            "recordings" => COUNTED,
            _ => UNCOUNTED,
        };
        state.bar = bar(Some(state.length()), template);
        match &state.bar {
            Some(bar) => bar.set_message(phase),
            None => say(phase),
        }
    }

    pub(super) fn found_bytes(&self, more: u64) {
        let mut state = self.state();
        state.total.bytes += more;
        state.lengthen();
    }

    pub(super) fn found_recordings(&self, more: u64) {
        let mut state = self.state();
        state.total.recordings += more;
        state.lengthen();
    }

    pub(super) fn read_bytes(&self, more: u64) {
        self.state().add("audit logs", more, BYTES_PER_LINE, |bytes| format!("{} MiB", bytes >> 20));
    }

    pub(super) fn looked_at_recording(&self) {
        self.state().add("recordings", 1, PER_LINE, |count| count.to_string());
    }

    pub(super) fn swept(&self, more: usize) {
        self.state().add("matching", more as u64, PER_LINE, |count| count.to_string());
    }

    /// Removes the bar.
    pub(super) fn end(&self) {
        self.state().clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn length(&self) -> u64 {
        match self.phase {
            "audit logs" => self.total.bytes,
            _ => self.total.recordings,
        }
    }

    fn lengthen(&self) {
        if let Some(bar) = &self.bar {
            bar.set_length(self.length());
        }
    }

    fn add(&mut self, phase: &str, more: u64, per_line: u64, shown: impl Fn(u64) -> String) {
        if self.phase != phase {
            return;
        }
        let before = self.done;
        self.done += more;
        match &self.bar {
            Some(bar) => bar.set_position(self.done),
            None if before / per_line < self.done / per_line => say(&format!("{phase}: {} so far", shown(self.done))),
            None => {}
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// Prints a line on standard error.
pub(super) fn say(line: &str) {
    // A closed standard error is ignored.
    let _ = writeln!(std::io::stderr(), "{line}");
}
