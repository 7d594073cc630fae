//! Writes JSON that is safe to print on a terminal.

use std::io::{self, Write};

use domain::address::Printable;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::CliError;

/// Writes one document and a newline.
pub(crate) fn write_line(mut out: impl Write, value: &impl Serialize) -> Result<(), CliError> {
    write(&mut out, value)?;
    Ok(out.write_all(b"\n")?)
}

/// Writes one value without a newline.
pub(crate) fn write(out: &mut impl Write, value: &impl Serialize) -> Result<(), CliError> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Harmless))?)
}

/// Compact formatter that escapes characters that JSON allows but that would act on a terminal.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let plain = fragment.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if plain || Printable(fragment).to_string() == fragment {
            return writer.write_all(fragment.as_bytes());
        }
        fragment.chars().try_for_each(|c| write_char(writer, c))
    }
}

fn write_char<W: ?Sized + Write>(writer: &mut W, c: char) -> io::Result<()> {
    let mut bytes = [0; 4];
    let text: &str = c.encode_utf8(&mut bytes);
    if Printable(text).to_string() == text {
        return writer.write_all(text.as_bytes());
    }
    let mut units = [0; 2];
    c.encode_utf16(&mut units).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_control_characters_are_escaped_and_read_back() {
        let text = "a\u{1b}[2J \u{202e}gpj \u{9b}31m \u{7f} jörg \u{1f600} \"\\";
        let mut out = Vec::new();
        write_line(&mut out, &text).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert_eq!(line, "\"a\\u001b[2J \\u202egpj \\u009b31m \\u007f jörg \u{1f600} \\\"\\\\\"\n");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}
