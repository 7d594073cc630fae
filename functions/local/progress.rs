//! What people see while a set runs.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

/// A bar on a terminal, a line an hour elsewhere.
#[derive(Default)]
pub struct Progress {
    bar: Option<ProgressBar>,
    hour: Option<i64>,
}

impl Progress {
    /// So much of the script is done, and it is `now` by the driven clock.
    pub fn at(&mut self, progress: host_stand_in::Progress, now: Timestamp) {
        let host_stand_in::Progress { done, total } = progress;
        let hour = Some(now.as_second().div_euclid(3600));
        if std::io::stderr().is_terminal() {
            let bar = self.bar.get_or_insert_with(|| bar(total as u64));
            bar.set_position(done as u64);
            bar.set_message(now.strftime("%a %H:%M").to_string());
        } else if hour != self.hour {
            // A reader that went away wants no more lines.
            let _ = writeln!(std::io::stderr(), "{}  {done} of {total} events", now.strftime("%Y-%m-%d %H:%M"));
        }
        self.hour = hour;
    }

    /// Takes the bar away.
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

/// Says something to the person who called, on stdout.
pub fn say(line: &str) {
    // A reader that went away wants no more lines.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Says something about how it went to the person who called, on stderr.
pub fn note(line: &str) {
    // Nothing is left to be said where even this cannot be written.
    let _ = writeln!(std::io::stderr(), "archivist: {line}");
}

/// The width of the terminal, where there is one.
pub fn terminal_width() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, columns)| columns)
}
