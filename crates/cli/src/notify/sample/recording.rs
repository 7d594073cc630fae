//! Sample facts of a recording: ada worked on a machine for 42 minutes.

use domain::record::notification::{Event, NotificationFact};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{ago, text};

/// Name of the sample blob.
pub(super) const NAME: &str = "vm-web-01-azureuser.3";
const ID: &str = "rec_01j9z6x4q0e8k7m2t5v3w1y9ab";
const TUNNEL: &str = "4f0c2f0e-8d7b-4a53-9d0e-0f9c1c7a5b21";
const OTHER_TUNNEL: &str = "b1e5a7c8-2f36-4c0d-8a94-6d3e5f7a9b10";
const EVIDENCE: &str = "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings \
                        that stand alone); last written 4 s after it ended; the next candidate is 148 s off; lead 61, \
                        needed 40";
const POLICY: &str = "sha256:9f2c4e6a8b0d1f3e5c7a9b1d3f5e7c9a0b2d4f6e8a1c3e5d7f9b0a2c4e6d8f01";
const REQUEST: &str = "71a0c2f5-701e-0041-0f9b-b2c7a1000000";

/// Returns the facts of an event about the recording that happened at `at`.
pub(super) fn facts_of(event: Event, at: Timestamp) -> Vec<NotificationFact> {
    let is_old = matches!(event, Event::RecordingExpiring | Event::RecordingDeleted);
    let ended = if is_old { ago(at, SignedDuration::from_hours(24 * 366)) } else { at };
    let verdict = match event {
        Event::RecordingAmbiguous => "ambiguous",
        Event::RecordingUnmatched => "unmatched",
        Event::RecordingStarted | Event::RecordingStale => "pending",
        _ => "matched",
    };
    let mut facts = place(event, verdict);
    facts.extend([text("created_at", begun(ended)), text("last_modified", ended.to_string())]);
    facts.push(NotificationFact::number("size_bytes", 18_350_211));
    if verdict == "matched" {
        facts.extend(session(ended));
    }
    if !matches!(event, Event::RecordingStarted | Event::RecordingStale) {
        facts.extend(kept(ended));
    }
    facts.extend(more(event, at));
    facts
}

/// Facts of the recorded session.
pub(super) fn session(ended: Timestamp) -> Vec<NotificationFact> {
    vec![
        text("tunnel_id", TUNNEL),
        text("person", "ada@contoso.example"),
        text("user_name", "azureuser"),
        text("machine", "vm-web-01"),
        text("client_ip", "198.51.100.7"),
        text("protocol", "ssh"),
        text("started_at", begun(ended)),
        text("ended_at", ended.to_string()),
        NotificationFact::number("session_duration_ms", 2_520_000),
    ]
}

fn begun(ended: Timestamp) -> String {
    ago(ended, SignedDuration::from_mins(42)).to_string()
}

fn place(event: Event, verdict: &str) -> Vec<NotificationFact> {
    let state = match event {
        Event::RecordingStarted | Event::RecordingStale => "active",
        Event::RecordingExpiring => "expiring",
        Event::RecordingDeleted | Event::RecordingDeletedUnexpectedly => "deleted",
        _ => "settled",
    };
    vec![
        text("recording", ID),
        text("bastion", "bas-hub-01"),
        text("account", "stbastionrec01"),
        text("container", "recordings"),
        text("state", state),
        text("match", verdict),
    ]
}

/// Retention facts: one year, as in the sample policy.
fn kept(ended: Timestamp) -> Vec<NotificationFact> {
    let day = ended.to_zoned(TimeZone::UTC).date();
    let last = day.checked_add(jiff::Span::new().years(1)).unwrap_or(day).to_string();
    vec![
        text("class", "standard"),
        text("rule", "web servers"),
        text("retain_until", last.clone()),
        text("delete_after", last),
        text("then", "delete"),
    ]
}

/// Facts that only this event has.
fn more(event: Event, at: Timestamp) -> Vec<NotificationFact> {
    let grace = SignedDuration::from_hours(24 * 7);
    match event {
        Event::RecordingCatalogued => {
            vec![text("evidence", EVIDENCE), text("withdraws", format!("ambiguous {TUNNEL} {OTHER_TUNNEL}"))]
        }
        Event::RecordingAmbiguous => vec![text("evidence", "another session is nearly as likely; lead 12, needed 40")],
        Event::RecordingExpiring => vec![text("goes_at", at.checked_add(grace).unwrap_or(at).to_string())],
        Event::RecordingDeleted => vec![
            text("goes_at", at.to_string()),
            text("deleted_at", at.to_string()),
            text("deleted_by", "archivist"),
            text("policy", POLICY),
        ],
        Event::RecordingDeletedUnexpectedly => vec![
            text("deleted_at", at.to_string()),
            text("api", "DeleteBlob"),
            text("request_id", REQUEST),
            text(
                "find_caller_with",
                format!("StorageBlobLogs | where CorrelationId == '{REQUEST}' | project CallerIpAddress, RequesterUpn"),
            ),
        ],
        Event::RecordingChanged => {
            vec![text("sha256", "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b")]
        }
        Event::RecordingViewed | Event::RecordingDownloaded => [accessed(at), vec![text("own_session", "no")]].concat(),
        Event::RecordingOverwritten => accessed(at),
        _ => Vec::new(),
    }
}

/// Facts of an access by another person.
fn accessed(at: Timestamp) -> Vec<NotificationFact> {
    vec![
        text("accessed_by", "grace@contoso.example"),
        text("accessed_by_application", "691458b9-1327-4635-9f55-000000000001"),
        text("authentication", "identity"),
        text("accessed_from", "198.51.100.23"),
        text("accessed_at", at.to_string()),
        NotificationFact::number("requests", 2),
        NotificationFact::number("bytes", 18_350_211),
        text("held", "no"),
    ]
}
