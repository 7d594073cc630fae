//! Sample of a digest, made of many sample events.

use domain::record::gathering::{DigestLine, NotificationDigest};
use domain::record::notification::{Event, NotificationId, NotificationKey};
use jiff::{SignedDuration, Timestamp};

use super::of;

/// Number of samples per event, latest first.
const GATHERED: [(Event, i64); 4] = [
    (Event::RecordingReady, 9),
    (Event::RecordingCatalogued, 9),
    (Event::SessionUnrecorded, 5),
    (Event::RecordingDeletedUnexpectedly, 1),
];

/// Returns a digest of events from the last half hour.
pub fn digest(now: Timestamp) -> NotificationDigest {
    let mut gathering = NotificationDigest::new(1, now);
    let mut at = now;
    for (event, number) in GATHERED.into_iter().flat_map(|(event, count)| (0..count).map(move |n| (event, n))) {
        at = at.checked_sub(SignedDuration::from_secs(70)).unwrap_or(at);
        let sample = of(event, at);
        gathering.add(DigestLine {
            id: NotificationId::derive("sample", event, &format!("{at} {number}")),
            key: NotificationKey::derive(&sample.subject, event),
            event,
            severity: event.severity(),
            at: sample.at,
            subject: sample.subject,
        });
    }
    gathering
}
