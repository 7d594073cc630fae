//! Layout of a single item: facts, then sections.

use std::io::{self, Write};

/// Writes one line per fact.
pub(crate) fn facts(out: &mut dyn Write, facts: &[(&'static str, String)]) -> io::Result<()> {
    facts.iter().try_for_each(|(name, value)| writeln!(out, "{name:<14}  {value}"))
}

/// Writes a heading and its lines. Writes nothing if there are no lines.
pub(crate) fn section(out: &mut dyn Write, heading: &str, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        writeln!(out, "\n{heading}")?;
    }
    lines.try_for_each(|line| writeln!(out, "  {line}"))
}
