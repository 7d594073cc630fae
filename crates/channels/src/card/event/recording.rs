//! Cards of a recording from its start to its match.

use super::{add_connection, add_session, all, bastion_of, session_of, size, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn started(body: &ParsedBody) -> (String, Section) {
    let summary = match body.text("person").or(body.text("machine")) {
        Some(_) => format!("The recording of {} has started.", session_of(body)),
        None => format!("{} has started a recording. Its session is not known yet.", bastion_of(body)),
    };
    (summary, rows_of_recording(body, Section::default()))
}

pub(super) fn ready(body: &ParsedBody) -> (String, Section) {
    let summary = format!("The recording of {} is complete.{}", session_of(body), kept(body));
    (summary, rows_of_recording(body, Section::default()))
}

pub(super) fn catalogued(body: &ParsedBody) -> (String, Section) {
    let correction = if body.text("withdraws").is_some() {
        " This corrects an earlier notification."
    } else {
        ""
    };
    (format!("This is the recording of {}.{correction}", session_of(body)), rows_of_recording(body, withdrawn(body)))
}

pub(super) fn ambiguous(body: &ParsedBody) -> (String, Section) {
    let summary = "It is not certain which session this recording shows, so no person is named. Its entry lists \
                   the candidates, the likeliest first.";
    (summary.to_owned(), rows_of_recording(body, withdrawn(body)))
}

pub(super) fn unmatched(body: &ParsedBody) -> (String, Section) {
    let summary = format!("{} has logged no session that fits this recording.", bastion_of(body));
    (summary, rows_of_recording(body, withdrawn(body)))
}

pub(super) fn stale(body: &ParsedBody) -> (String, Section) {
    let summary =
        format!("The recording of {} is still being written, longer than any session should last.", session_of(body));
    (summary, rows_of_recording(body, Section::default()))
}

/// Adds the rows of an existing recording after those specific to the event.
pub(super) fn rows_of_recording(body: &ParsedBody, first: Section) -> Section {
    rows(body, first, then(body))
}

/// Like [`rows_of_recording`], but for a deleted recording.
pub(super) fn rows_of_deleted(body: &ParsedBody, first: Section) -> Section {
    rows(body, first, None)
}

fn rows(body: &ParsedBody, first: Section, then: Option<String>) -> Section {
    let mut rows = first;
    rows.add("Held for case", all(body, "case"));
    add_session(&mut rows, body);
    if body.text("started_at").is_none() {
        rows.add("Created", time(body, "created_at"));
    }
    rows.add("Evidence", text(body, "evidence"));
    rows.add("Kept until", text(body, "retain_until"));
    rows.add("Then", then);
    rows.add("Reason", reason(body));
    add_connection(&mut rows, body);
    rows.add("Size", size(body, "size_bytes"));
    rows.add("File", Some(body.subject.clone()));
    rows.add("Recording", text(body, "recording"));
    rows
}

/// Row with the match reported by an earlier notification.
fn withdrawn(body: &ParsedBody) -> Section {
    let mut rows = Section::default();
    let before = body.text("withdraws").map(|before| match before.split_once(' ') {
        Some(("matched", tunnel)) => format!("session {tunnel}"),
        Some(("ambiguous", tunnels)) => format!("one of sessions {}", tunnels.replace(' ', ", ")),
        _ if before == "unmatched" => "no session".to_owned(),
        _ => before.to_owned(),
    });
    rows.add("Reported before", before);
    rows
}

/// Describes holds and retention as a sentence.
fn kept(body: &ParsedBody) -> String {
    let held = all(body, "case").map(|case| format!(" It is held for {case}.")).unwrap_or_default();
    body.text("retain_until").map(|day| format!(" It is kept until {day}.")).unwrap_or_default() + &held
}

/// Returns the class and the rules of the retention.
fn reason(body: &ParsedBody) -> Option<String> {
    let class = body.text("class").map(|class| format!("class {class}"));
    let rules = all(body, "rule").map(|rules| format!("by rule {rules}"));
    let parts: Vec<String> = class.into_iter().chain(rules).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Describes the action after the retention ends.
fn then(body: &ParsedBody) -> Option<String> {
    let day = body.text("delete_after");
    let after = day.map(|day| format!(" after {day}")).unwrap_or_default();
    match body.text("then")? {
        "delete" => Some(format!("deleted{after}")),
        "review" => Some(format!("deleted{after}, if approved")),
        "keep" => Some("kept".to_owned()),
        other => Some(other.to_owned()),
    }
}
