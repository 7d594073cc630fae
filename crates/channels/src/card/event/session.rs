//! Cards of sessions.

use super::{add_connection, add_session, session_of, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;
use domain::words::count;

pub(super) fn unrecorded(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Reason", cause(body));
    add_session(&mut rows, body);
    add_connection(&mut rows, body);
    rows.add("Tunnel", text(body, "tunnel_id"));
    (format!("There is no recording of {}.", session_of(body)), rows)
}

/// Describes why the session has no recording.
fn cause(body: &ParsedBody) -> Option<String> {
    let cause = match body.text("cause")? {
        "native_client" => "a native client was used, which the bastion cannot record",
        "access_expired" => "the bastion's access to the container had expired",
        "recording_off" => "the bastion has recorded nothing since",
        "container_mismatch" => "a recording that fits is in the container of another bastion",
        "one_of" => "one of several sessions has none, and it is not known which",
        "unknown" => "no known cause explains it",
        other => other,
    };
    Some(cause.to_owned())
}

pub(super) fn failed_logins(body: &ParsedBody) -> (String, Section) {
    let logins = body.number("count").map_or_else(|| "Several logins".to_owned(), |n| count(n, "login"));
    let whose = match (body.text("counted_by"), body.text("person"), body.text("client"), body.text("target")) {
        (Some("person"), Some(person), ..) => format!(" of {person}"),
        (Some("person"), None, ..) => " of one person".to_owned(),
        (Some("client"), _, Some(client), _) => format!(" from {client}"),
        (Some("target"), .., Some(target)) => format!(" to {target}"),
        _ => String::new(),
    };
    let through = body.text("bastion").map(|bastion| format!(" through {bastion}")).unwrap_or_default();
    let mut rows = Section::default();
    rows.add("Person", text(body, "person"));
    rows.add("From", text(body, "client"));
    rows.add("Machine", text(body, "target"));
    rows.add("Failed logins", body.number("count").map(|count| count.to_string()));
    rows.add("First", time(body, "first_at"));
    rows.add("Last", time(body, "last_at"));
    rows.add("Bastion", text(body, "bastion"));
    (format!("{logins}{whose}{through} failed."), rows)
}
