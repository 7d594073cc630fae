//! Progress of long commands: a bar on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Terminal;

const ENTRIES_PER_LINE: u64 = 10_000;

/// Returns a bar on standard error, or `None` if that is no terminal.
pub(crate) fn bar(length: Option<u64>, template: &str) -> Option<ProgressBar> {
    io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━━╌"));
        bar.enable_steady_tick(TICK);
        bar
    })
}

/// Number of entries written so far.
pub(crate) struct WrittenEntries<'a> {
    bar: Option<ProgressBar>,
    lines: &'a mut dyn Write,
    noun: &'static str,
    count: u64,
}

impl<'a> WrittenEntries<'a> {
    /// Starts at zero. No bar is drawn if the answer goes to the same terminal.
    /// `noun` names the entries in the plural.
    pub(crate) fn new(terminal: Terminal, noun: &'static str, lines: &'a mut dyn Write) -> Self {
        let drawn = terminal.progress && terminal.width.is_none();
        let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = drawn.then(|| ProgressBar::new_spinner().with_style(style).with_message(noun));
        Self { bar, lines, noun, count: 0 }
    }

    /// Starts at zero, for work that finishes before the answer is printed.
    pub(crate) fn aside(terminal: Terminal, lines: &'a mut dyn Write) -> Self {
        Self::new(Terminal { width: None, ..terminal }, "recordings", lines)
    }

    /// Removes the bar without a message.
    pub(crate) fn clear(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    /// Counts `more` written entries.
    pub(crate) fn add(&mut self, more: usize) -> io::Result<()> {
        let before = self.count;
        self.count += more as u64;
        match &self.bar {
            Some(bar) => bar.set_position(self.count),
            None if before / ENTRIES_PER_LINE < self.count / ENTRIES_PER_LINE => {
                writeln!(self.lines, "{} {} so far", self.count, self.noun)?;
            }
            None => {}
        }
        Ok(())
    }

    /// Removes the bar and writes the total.
    pub(crate) fn finish(self) -> io::Result<()> {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        let noun = if self.count == 1 { self.noun.trim_end_matches('s') } else { self.noun };
        writeln!(self.lines, "{} {noun} exported", self.count)
    }
}

/// Indicator for work of unknown length. Shown on a terminal only.
pub(crate) struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Shows the spinner.
    pub(crate) fn begin(terminal: Terminal, what: &'static str) -> Self {
        Self(terminal.progress.then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} {prefix}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style).with_message(what);
            bar.enable_steady_tick(TICK);
            bar
        }))
    }

    /// Shows `count` beside the spinner.
    pub(crate) fn count(&self, count: usize) {
        if let Some(bar) = &self.0 {
            bar.set_prefix(count.to_string());
        }
    }

    /// Removes the spinner.
    pub(crate) fn end(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}

const TICK: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_bar_every_10000_recordings_print_a_line() {
        let mut lines = Vec::new();
        let mut progress = WrittenEntries::new(Terminal::default(), "recordings", &mut lines);
        for _ in 0..50 {
            progress.add(501).unwrap();
        }
        progress.finish().unwrap();
        let text = String::from_utf8(lines).unwrap();
        assert_eq!(text, "10020 recordings so far\n20040 recordings so far\n25050 recordings exported\n");
    }
}
