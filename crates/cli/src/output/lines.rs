//! Lines on the standard streams, and the terminal behind them.

use std::io::{self, BufRead, IsTerminal, Write};

use wiring::settings::AppSettingNames;

use crate::Terminal;

/// Prints a line on standard output.
pub fn say(line: &str) {
    // A closed standard output is ignored.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line for people on standard error, so that standard output has the result only.
pub fn say_aside(line: &str) {
    // A closed standard error is ignored; there is no other place for the line.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a note on standard error.
pub fn note(line: &str) {
    // A closed standard error is ignored; there is no other place for the message.
    let _ = writeln!(std::io::stderr(), "archivist: {line}");
}

impl Terminal {
    /// Returns the abilities of the standard streams of this process.
    pub(crate) fn detect(settings: &AppSettingNames) -> Self {
        let shown = std::io::stdout().is_terminal();
        Self {
            width: terminal_width().filter(|_| shown),
            colour: shown && !settings.no_color,
            progress: std::io::stderr().is_terminal(),
        }
    }
}

/// Returns the width of the terminal in columns, or `None` without a terminal.
fn terminal_width() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, columns)| columns)
}

/// Asks a yes-or-no question. Any answer but yes counts as no.
pub fn ask(question: &str) -> io::Result<bool> {
    let mut err = io::stderr();
    write!(err, "{question} [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
