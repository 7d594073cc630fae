//! A recording as a CSV row.

use std::io::Write;

use domain::address::Printable;
use pipeline::view::RecordingView;

/// Column names: the scalar values of the public form, in its order.
pub(super) const HEADER: [&str; 20] = [
    "schema", "id", "state", "match", "person", "bastion", "account", "container", "name", "created_at",
    "last_modified", "duration_ms", "duration_from", "settled_at", "size_bytes", "etag", "tier", "content_sha256",
    "portal_url", "revision",
];

/// Writes the row of a recording. Unknown values are empty cells.
pub(super) fn write<W: Write>(writer: &mut csv::Writer<W>, recording: &RecordingView<'_>) -> csv::Result<()> {
    let RecordingView { schema, id, state, matching, bastion, account, container, name, .. } = recording;
    let RecordingView { duration_ms, size_bytes, revision, .. } = recording;
    writer.write_field(schema.to_string())?;
    writer.write_field(id.to_string())?;
    for text in [state, matching, recording.person.unwrap_or_default(), bastion, account, container, name] {
        writer.write_field(harmless(text))?;
    }
    writer.write_field(known(recording.created_at))?;
    writer.write_field(known(recording.last_modified))?;
    writer.write_field(known(*duration_ms))?;
    writer.write_field(recording.duration_from.unwrap_or_default())?;
    writer.write_field(known(recording.settled_at))?;
    writer.write_field(known(*size_bytes))?;
    writer.write_field(harmless(recording.etag.as_deref().unwrap_or_default()))?;
    writer.write_field(harmless(recording.tier.unwrap_or_default()))?;
    writer.write_field(recording.content_sha256.as_deref().unwrap_or_default())?;
    writer.write_field(harmless(recording.portal_url.as_deref().unwrap_or_default()))?;
    writer.write_field(revision.to_string())?;
    writer.write_record(None::<&[u8]>)
}

fn known(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Escapes characters that would act on a terminal, and prefixes `'` to text if a spreadsheet would run it
/// as a formula.
///
/// Spreadsheets run a cell beginning with a formula sign, including the full-width signs; some also skip
/// leading blanks. With semicolons as separator, a cell begins after each semicolon, even inside quotes. A
/// part beginning with `'` gets another one, so removing one `'` per part always restores the text. Tabs
/// are escaped.
fn harmless(text: &str) -> String {
    let text = Printable(text).to_string();
    text.split(';').map(part).collect::<Vec<_>>().join(";")
}

fn part(text: &str) -> String {
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    let runs = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\'']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{3000}=1", "＝1", "=", "'=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
    }

    #[test]
    fn a_leading_blank_does_not_hide_a_formula() {
        for text in ["\t=1", "\r=1", "\n=1", "\u{feff}=1", "\u{0}=1"] {
            assert!(harmless(text).starts_with("\\u{"), "{text:?}");
        }
    }

    #[test]
    fn a_cell_that_begins_after_a_semicolon_is_text_as_well() {
        for (text, expected) in [
            ("a;=1+1", "a;'=1+1"),
            ("a; =1", "a;' =1"),
            ("a;\"=1\"", "a;'\"=1\""),
            ("a;＝1;@x;b", "a;'＝1;'@x;b"),
            ("=1;-2", "'=1;'-2"),
            ("\"=1", "'\"=1"),
            ("a;'=1", "a;''=1"),
        ] {
            assert_eq!(harmless(text), expected);
        }
        assert!(harmless("a;\t=1").starts_with("a;\\u{"), "a tab is written out");
    }

    #[test]
    fn an_ordinary_name_is_kept() {
        for text in ["", "vm-web-01-azureadmin.3", "a=b", "0x8DC-1", "jörg, \"x\""] {
            assert_eq!(harmless(text), text);
        }
    }
}
