//! Cards of accesses to a recording.

use super::recording::rows_of_recording;
use super::{session_of, size, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn viewed(body: &ParsedBody) -> (String, Section) {
    (format!("{} has viewed the recording of {}.{}", viewer(body), session_of(body), held(body)), rows(body))
}

pub(super) fn downloaded(body: &ParsedBody) -> (String, Section) {
    (format!("{} has downloaded the recording of {}.{}", viewer(body), session_of(body), held(body)), rows(body))
}

pub(super) fn overwritten(body: &ParsedBody) -> (String, Section) {
    let summary = format!(
        "{} has written the content of the recording of {} after it was complete.{}",
        viewer(body),
        session_of(body),
        held(body)
    );
    (summary, rows(body))
}

/// Rows of the caller. Used for deletions too.
pub(super) fn add_accessor(rows: &mut Section, body: &ParsedBody) {
    rows.add("By", text(body, "accessed_by"));
    rows.add("Application", text(body, "accessed_by_application"));
    rows.add("From", text(body, "accessed_from"));
    rows.add("Token", text(body, "token_hash"));
}

fn rows(body: &ParsedBody) -> Section {
    let mut rows = Section::default();
    add_accessor(&mut rows, body);
    rows.add("Accessed", time(body, "accessed_at"));
    rows.add("Transferred", size(body, "bytes"));
    rows_of_recording(body, rows)
}

/// The log names no person for a signature or a key.
fn viewer(body: &ParsedBody) -> String {
    match (body.text("accessed_by"), body.text("accessed_by_application")) {
        (Some(person), _) => person.to_owned(),
        (None, Some(_)) => "An application, or a person who is not shown,".to_owned(),
        (None, None) => "An unknown person".to_owned(),
    }
}

fn held(body: &ParsedBody) -> &'static str {
    if body.text("held") == Some("yes") { " A legal hold covers it." } else { "" }
}
