//! Names and metadata of quarantined inputs.

use std::collections::HashMap;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use pipeline::ports::{QuarantineId, QuarantineNote, QuarantinedInput};

/// Prefix of the notes, in the order of time.
pub(super) const NOTES: &str = "log/";
/// Blob that is there while input may be unannounced.
pub(super) const MARKER: &str = "unannounced";

/// Prefix of the notes of unannounced inputs, in the order of time.
pub(super) const UNANNOUNCED: &str = "unannounced/";

/// Most bytes of the escaped reason; a longer one is cut. All metadata together may have 8 KiB.
const LONGEST_REASON: usize = 6 * 1024;

/// Most bytes of the escaped origin; the archivist writes names of functions.
const LONGEST_ORIGIN: usize = 1024;

/// Header values are ASCII, and spaces at their ends are lost.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b':').remove(b'_');

/// Facts about an input, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) reason: String,
    pub(super) at: Timestamp,
    pub(super) origin: String,
    pub(super) size: u64,
}

impl Label {
    pub(super) fn from_input(input: &QuarantinedInput) -> Self {
        let QuarantineNote { id: _, size, reason, at, origin } = input.note();
        Self { reason, at, origin, size }
    }

    /// Parses a label. Returns `None` if this is not the metadata of an input.
    pub(super) fn read(metadata: &HashMap<String, String>) -> Option<Self> {
        // Empty values are lost on the way.
        let text = |key: &str| {
            let value = metadata.get(key).map(String::as_str).unwrap_or_default();
            percent_decode_str(value).decode_utf8().ok().map(String::from)
        };
        let (at, size) = (text("at")?.parse().ok()?, text("size")?.parse().ok()?);
        Some(Self { reason: text("reason")?, at, origin: text("origin")?, size })
    }

    pub(super) fn metadata(&self) -> HashMap<String, String> {
        let values = [
            ("reason", escaped(&self.reason, LONGEST_REASON)),
            ("at", self.at.to_string()),
            ("origin", escaped(&self.origin, LONGEST_ORIGIN)),
            ("size", self.size.to_string()),
        ];
        values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    pub(super) fn note(self, id: QuarantineId) -> QuarantineNote {
        let Self { reason, at, origin, size } = self;
        QuarantineNote { id, size, reason, at, origin }
    }
}

/// Name of the blob that holds the bytes.
pub(super) fn input_name(id: &QuarantineId) -> String {
    format!("inputs/{id}")
}

/// Name of an input's note.
pub(super) fn note_name(at: Timestamp, id: &QuarantineId) -> String {
    format!("{}_{id}", notes_since(at))
}

/// Name of the note that exists until the input is announced.
pub(super) fn unannounced_name(at: Timestamp, id: &QuarantineId) -> String {
    note_name(at, id).replacen(NOTES, UNANNOUNCED, 1)
}

/// Prefix of the notes of this instant. The number of digits is constant, so names sort by time.
pub(super) fn notes_since(at: Timestamp) -> String {
    format!("{NOTES}{}", at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ"))
}

/// Parses the id in the name of a note.
pub(super) fn id_of_note(name: &str) -> Option<QuarantineId> {
    name.strip_prefix(NOTES)
        .or_else(|| name.strip_prefix(UNANNOUNCED))?
        .split_once('_')
        .and_then(|(_, id)| QuarantineId::parse(id))
}

/// Escapes the longest prefix of whole characters that fits into `most` bytes.
fn escaped(text: &str, most: usize) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        let kept = escaped.len();
        escaped.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), ESCAPED));
        if escaped.len() > most {
            escaped.truncate(kept);
            break;
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use pipeline::testing::sample::{HOSTILE_NAMES, second};

    use super::*;

    fn label(reason: &str) -> Label {
        Label { reason: reason.to_owned(), at: second(0), origin: "recording_landed".to_owned(), size: 7 }
    }

    #[test]
    fn metadata_is_plain_ascii_and_reads_back() {
        for reason in HOSTILE_NAMES.into_iter().chain([""]) {
            let metadata = label(reason).metadata();
            assert!(metadata.values().all(|value| value.bytes().all(|byte| byte.is_ascii_graphic())), "{metadata:?}");
            assert_eq!(Label::read(&metadata), Some(label(reason)));
        }
    }

    #[test]
    fn a_reason_is_cut_to_the_metadata_limit_between_characters() {
        let long = label(&"ü\"".repeat(5_000));
        let metadata = long.metadata();
        assert!(metadata.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() <= 8 * 1024);
        let read = Label::read(&metadata).unwrap();
        assert!(long.reason.starts_with(&read.reason) && read.reason.len() > 2_000);
    }

    #[test]
    fn notes_are_named_in_the_order_of_time() {
        let id = QuarantineId::derive(b"x", "y");
        let times = [second(0), "2026-03-02T09:00:00.000000001Z".parse().unwrap(), second(1), second(86_400)];
        assert!(times.map(|at| note_name(at, &id)).is_sorted());
        assert!(times.into_iter().all(|at| notes_since(at) <= note_name(at, &id)));
        assert_eq!(id_of_note(&note_name(second(0), &id)), Some(id));
    }
}
