//! Output of a local run.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

/// A bar on a terminal, one line per day elsewhere.
#[derive(Default)]
pub struct LocalProgress {
    bar: Option<ProgressBar>,
    day: Option<i64>,
}

impl LocalProgress {
    /// Shows the progress of the script at `now`, the time of the simulated clock.
    pub fn at(&mut self, progress: host_stand_in::ScriptProgress, now: Timestamp) {
        let host_stand_in::ScriptProgress { done, total } = progress;
        let day = Some(now.as_second().div_euclid(24 * 3600));
        if std::io::stderr().is_terminal() {
            let bar = self.bar.get_or_insert_with(|| bar(total as u64));
            bar.set_position(done as u64);
            bar.set_message(now.strftime("%Y-%m-%d %H:%M").to_string());
        } else if day != self.day {
            // A closed standard error is ignored.
            let _ = writeln!(std::io::stderr(), "{}  {done} of {total} events", now.strftime("%Y-%m-%d"));
        }
        self.day = day;
    }

    /// Removes the bar.
    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg}  [{bar:32}] {pos} of {len} events");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━━╌"));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
