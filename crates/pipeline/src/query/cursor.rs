//! Where a page ended, as text that callers hand back unread.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::recording_id::RecordingId;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// The place behind one entry in the order of ids. It stays right whatever is added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(RecordingId);

/// The text is not a cursor that a page gave.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a cursor; take the `next_cursor` of the page before, unchanged")]
pub struct NotACursor(pub String);

impl Cursor {
    /// The place behind the entry with this id.
    pub fn after(id: RecordingId) -> Self {
        Self(id)
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, NotACursor> {
        let id = BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let id = id.and_then(|id| RecordingId::parse(&id).ok());
        id.map(Self).ok_or_else(|| NotACursor(text.to_owned()))
    }

    pub(super) fn id(self) -> RecordingId {
        self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(self.0.to_string().as_bytes()))
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_needs_no_escaping_in_a_url() {
        let id = RecordingId::parse("rec_0sjsbfgbk4dn68yjsz5jgpqz3a").unwrap();
        let text = Cursor::after(id).to_string();
        assert_eq!(Cursor::parse(&text), Ok(Cursor(id)));
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{text}");
    }

    #[test]
    fn another_text_is_refused_by_name() {
        for text in ["", "=", "rec_0sjsbfgbk4dn68yjsz5jgpqz3a", "cmVjXzE", "\u{202e}"] {
            let refused = Cursor::parse(text);
            assert_eq!(refused, Err(NotACursor(text.to_owned())));
        }
    }
}
