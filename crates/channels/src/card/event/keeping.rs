//! Cards of expiring, deleted and changed recordings.

use super::access;
use super::recording::{rows_of_deleted, rows_of_recording};
use super::{session_of, size, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;
use domain::words::count;

pub(super) fn expiring(body: &ParsedBody) -> (String, Section) {
    let goes_at = time(body, "goes_at");
    let goes = match (body.text("then"), &goes_at) {
        (Some("review"), Some(at)) => format!("It is deleted once it is approved, not before {at}"),
        (Some("review"), None) => "It is deleted once it is approved".to_owned(),
        (_, Some(at)) => format!("It is deleted after {at}"),
        (_, None) => "It is going to be deleted".to_owned(),
    };
    let mut rows = Section::default();
    rows.add("Deleted after", goes_at);
    let whose = session_of(body);
    (
        format!("The last day of the recording of {whose} has passed. {goes}; a legal hold keeps it."),
        rows_of_recording(body, rows),
    )
}

pub(super) fn deleted(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Deleted", time(body, "deleted_at"));
    rows.add("Deleted by", deleted_by(body));
    rows.add("Approved by", text(body, "approved_by"));
    rows.add("Policy", text(body, "policy"));
    (format!("The recording of {} was deleted, as its policy requires.", session_of(body)), rows_of_deleted(body, rows))
}

fn deleted_by(body: &ParsedBody) -> Option<String> {
    let by = match body.text("deleted_by")? {
        "archivist" => "the archivist",
        "lifecycle" => "a rule of the storage account",
        other => other,
    };
    Some(by.to_owned())
}

pub(super) fn deleted_unexpectedly(body: &ParsedBody) -> (String, Section) {
    if let Some(gone) = body.number("recordings") {
        return container_lost(body, gone);
    }
    let kept = body.text("retain_until").map(|day| format!(" It was to be kept until {day}.")).unwrap_or_default();
    let summary = match body.text("missing_since") {
        Some(_) => format!("The recording of {} is missing, and no delete event arrived.{kept}", session_of(body)),
        None => format!("The recording of {} was deleted, and no policy had ordered it.{kept}", session_of(body)),
    };
    let mut rows = Section::default();
    rows.add("Deleted", time(body, "deleted_at"));
    rows.add("Missing since", time(body, "missing_since"));
    rows.add("Call", text(body, "api"));
    rows.add("Request", text(body, "request_id"));
    rows.add("Request id of the caller", text(body, "client_request_id"));
    access::add_accessor(&mut rows, body);
    rows.add("Find the caller with", text(body, "find_caller_with"));
    (summary, rows_of_deleted(body, rows))
}

/// Card of a container that lost most of its recordings, which is one notification.
fn container_lost(body: &ParsedBody, gone: u64) -> (String, Section) {
    let before = body.number("recordings_before").map(|before| format!(" of {before}")).unwrap_or_default();
    let recordings = if gone == 1 { "recording" } else { "recordings" };
    let mut rows = Section::default();
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Left", body.number("recordings_left").map(|left| left.to_string()));
    rows.add("Last complete listing", time(body, "listed_at"));
    rows.add("Found", time(body, "found_at"));
    (format!("{gone}{before} {recordings} are gone from the container, and no policy had ordered it."), rows)
}

pub(super) fn changed(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Last written", time(body, "last_modified"));
    rows.add("SHA-256 now", text(body, "sha256"));
    let whose = session_of(body);
    (
        format!("The content of the recording of {whose} does not match its hash in the ledger."),
        rows_of_recording(body, rows),
    )
}

pub(super) fn aborted(body: &ParsedBody) -> (String, Section) {
    let recordings = body.number("recordings").map_or_else(|| "recordings".to_owned(), |n| count(n, "recording"));
    let mut rows = Section::default();
    rows.add("Reason", text(body, "reason"));
    rows.add("Recordings", body.number("recordings").map(|count| count.to_string()));
    rows.add("Size", size(body, "size_bytes"));
    rows.add("Plan", text(body, "plan"));
    (format!("A run would have deleted {recordings}, more than the limits allow, so it deleted nothing."), rows)
}
