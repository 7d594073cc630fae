//! Notifications about a configuration shared by several machines.

use domain::digest;
use domain::record::notification::{Event, Notification, NotificationFact, SEVERITY, Severity};
use jiff::Timestamp;

/// Maximum length of the problem list, in characters.
const LONGEST_ACCOUNT: usize = 2_000;

/// Returns the hash of a configuration: SHA-256 over the exact bytes of its text, as `sha256sum` computes it.
pub fn digest(text: &str) -> String {
    digest::sha256_of(text.as_bytes())
}

/// Builds the notification of another active version. Its id is the same on every machine, so each version is announced
/// once.
pub fn taken(tag: &str, digest: &str, at: Timestamp) -> Notification {
    let facts = vec![
        NotificationFact::text(SEVERITY, Severity::Info.name()),
        NotificationFact::text("what", "configuration"),
        NotificationFact::text("done", "changed, and now in use"),
        NotificationFact::text("configuration", digest),
    ];
    notification(Event::PostureChanged, tag, at, facts)
}

/// Builds the notification of an invalid version, with the last good one still active. Its id is the same on every
/// machine, so each version is announced once.
pub fn refused(tag: &str, problems: &str, at: Timestamp) -> Notification {
    let account: String = problems.chars().take(LONGEST_ACCOUNT).collect();
    let facts = vec![
        NotificationFact::text("check", "configuration"),
        NotificationFact::text("found", account),
        NotificationFact::text("expected", "without problems; until then the last good one stays in use"),
        NotificationFact::text("fix", "archivist config check, then archivist config push"),
    ];
    notification(Event::PostureFinding, tag, at, facts)
}

/// Builds the notification that a version is valid again. Only channels that were told of an invalid one receive it.
pub fn valid_again(tag: &str, at: Timestamp) -> Notification {
    let facts = vec![
        NotificationFact::text("check", "configuration"),
        NotificationFact::text("found", "the newest version is in use"),
    ];
    notification(Event::PostureFindingResolved, tag, at, facts)
}

fn notification(event: Event, tag: &str, at: Timestamp, facts: Vec<NotificationFact>) -> Notification {
    let subject = "The configuration".to_owned();
    Notification { subject, facts, ..Notification::new("configuration", event, tag, at) }
}
