//! Cards of stopped bastions and of the archivist's own failures.

use super::{bastion_of, size, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn recording_stopped(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Newest recording", Some(time(body, "newest_recording").unwrap_or_else(|| "none".to_owned())));
    (format!("Sessions through {} continue, but none of them is recorded.", named(body)), rows)
}

pub(super) fn audit_log_stopped(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Newest record", Some(time(body, "newest_record").unwrap_or_else(|| "none".to_owned())));
    let summary = format!(
        "{} still records, but its audit log is silent or unreadable. Recordings cannot be matched with sessions.",
        bastion_of(body)
    );
    (summary, rows)
}

pub(super) fn ledger_broken(body: &ParsedBody) -> (String, Section) {
    let summary = "The hash chain of the ledger is broken: a line was changed, removed or inserted.".to_owned();
    let mut rows = Section::default();
    rows.add("Segment", text(body, "segment"));
    rows.add("Line", body.number("line").map(|line| line.to_string()));
    rows.add("Why", text(body, "reason"));
    (summary, rows)
}

pub(super) fn ledger_anchored(body: &ParsedBody) -> (String, Section) {
    let summary =
        "This is the newest hash of the ledger. Keep this message: the ledger up to here cannot be written anew \
                   later without contradicting it."
            .to_owned();
    let mut rows = Section::default();
    rows.add("Segment", text(body, "segment"));
    rows.add("Line", body.number("line").map(|line| line.to_string()));
    rows.add("Written", time(body, "written_at"));
    rows.add("Hash", text(body, "head"));
    rows.add("Verify with", text(body, "verify_with"));
    (summary, rows)
}

pub(super) fn input_quarantined(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Reason", text(body, "reason"));
    rows.add("Source", Some(body.subject.clone()));
    rows.add("Inputs", body.number("inputs").map(|count| count.to_string()));
    rows.add("Size", size(body, "size_bytes"));
    rows.add("Quarantine", text(body, "quarantine"));
    (
        "Input that no retry can save is in quarantine with its raw bytes. Nothing is lost, but it was not processed."
            .to_owned(),
        rows,
    )
}

fn named(body: &ParsedBody) -> &str {
    body.text("bastion").unwrap_or("a bastion")
}
