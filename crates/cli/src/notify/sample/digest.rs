//! Sample of a digest, made of many sample events.

use domain::record::notification::{Event, NotificationId, NotificationKey};
use domain::record::notification_digest::{DigestItem, DigestLine, ExpiringRecording, NotificationDigest};
use domain::record::retention::Then;
use jiff::{SignedDuration, Timestamp};

use super::notification;

/// Number of samples per event, latest first.
const SAMPLED: [(Event, i64); 3] =
    [(Event::RecordingReady, 9), (Event::RecordingCatalogued, 9), (Event::RecordingDeleted, 2)];
/// Recordings about to be deleted, by class: their number, and what happens then.
const EXPIRING: [(&str, i64, Then); 2] = [("pci", 2, Then::Review), ("standard", 12, Then::Delete)];
/// Machines and people of the recordings about to be deleted. Not every recording has a name.
const SESSIONS: [(&str, Option<&str>); 4] = [
    ("vm-web-01-azureuser", Some("ada@contoso.example")),
    ("vm-sql-03-azureuser", Some("grace@contoso.example")),
    ("vm-jump-02-root", None),
    ("vm-app-04-azureuser", Some("alan@contoso.example")),
];

/// Returns a digest of events from the last half hour.
pub fn digest(now: Timestamp) -> NotificationDigest {
    let mut digest = NotificationDigest::new(1, now);
    let mut at = now;
    for (event, number) in SAMPLED.into_iter().flat_map(|(event, count)| (0..count).map(move |n| (event, n))) {
        at = at.checked_sub(SignedDuration::from_secs(70)).unwrap_or(at);
        let sample = notification(event, at);
        digest.add(DigestLine {
            id: NotificationId::derive("sample", event, &format!("{at} {number}")),
            key: NotificationKey::derive(&sample.subject, event),
            event,
            severity: event.severity(),
            at: sample.at,
            subject: sample.subject,
        });
    }
    for (class, count, then) in EXPIRING {
        (0..count).for_each(|number| digest.add(expiring(class, then, number, now)));
    }
    digest
}

/// Returns the sample recording of this number in a class. Three of them go on each day, the first a week from `now`.
fn expiring(class: &str, then: Then, number: i64, now: Timestamp) -> DigestItem {
    let (machine, person) = usize::try_from(number).ok().map_or(SESSIONS[0], |at| SESSIONS[at % SESSIONS.len()]);
    let event = Event::RecordingExpiring;
    let about = format!("sample {class} {number}");
    let wait = SignedDuration::from_hours(24 * (7 + number / 3));
    DigestItem::Expiring {
        class: class.to_owned(),
        recording: ExpiringRecording {
            id: NotificationId::derive(&about, event, ""),
            key: NotificationKey::derive(&about, event),
            recording: format!("rec_01j9z6x4q0e8k7m2t5v3w1y{number:03}"),
            name: format!("{machine}.{}", number + 1),
            person: person.map(str::to_owned),
            bastion: if number % 2 == 0 { "bas-hub-01" } else { "bas-hub-02" }.to_owned(),
            goes_at: now.checked_add(wait).unwrap_or(now),
            then,
        },
    }
}
