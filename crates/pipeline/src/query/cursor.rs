//! Opaque cursor of a page of recordings.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::record::recording_id::RecordingId;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// Position after an entry in id order. Stays valid if entries are added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(RecordingId);

/// Text that is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a cursor; take the `next_cursor` of the page before, unchanged")]
pub struct NotACursor(pub String);

impl Cursor {
    /// Returns the position after the entry with this id.
    pub fn after(id: RecordingId) -> Self {
        Self(id)
    }

    /// Parses the text form. Returns an error if the text is not a cursor.
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
