//! Removes secrets from log lines.

use std::io::{self, Write};

use domain::redaction::redacted;

/// Removes secrets from the output. Each write is a complete line.
pub struct Redacting<W>(pub W);

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(redacted(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_is_written_without_its_secrets() {
        let mut written = Redacting(Vec::new());
        written.write_all(b"{\"url\":\"https://st1.example/c?sig=hunter2\"}\n").unwrap();
        assert_eq!(String::from_utf8(written.0).unwrap(), "{\"url\":\"https://st1.example/c?[redacted]\"}\n");
    }
}
