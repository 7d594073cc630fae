//! Forwards the handler's output, line by line.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Receives each output line of the handler.
pub type Console = Arc<dyn Fn(ConsoleLevel, &str) + Send + Sync>;

/// Log level assigned to a line by the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsoleLevel {
    /// Line on stdout.
    Information,
    /// Line on stderr with "warn".
    Warning,
    /// Other line on stderr.
    Error,
}

pub(super) fn of_stdout(_: &str) -> ConsoleLevel {
    ConsoleLevel::Information
}

pub(super) fn of_stderr(line: &str) -> ConsoleLevel {
    if line.to_ascii_lowercase().contains("warn") {
        ConsoleLevel::Warning
    } else {
        ConsoleLevel::Error
    }
}

/// Forwards lines until the stream ends.
pub(super) async fn forward(stream: impl AsyncRead + Unpin, console: Console, level: fn(&str) -> ConsoleLevel) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    while let Ok(1..) = stream.read_until(b'\n', &mut line).await {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        console(level(text), text);
        line.clear();
    }
}
