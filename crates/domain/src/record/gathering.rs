//! Digest of notifications: collected for a channel and sent as one message.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::record::notification::{Event, NotificationId, NotificationKey, Severity};

/// Maximum number of notifications listed individually.
pub const LINES: usize = 20;
/// Maximum number of notifications in one digest.
pub const FULL: usize = 500;
/// Maximum length of a stored subject, in characters.
const SUBJECT: usize = 200;

/// Digest of notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationDigest {
    /// Number of the digest within its channel, from 1.
    pub number: u64,
    /// Time at which it is sent.
    pub due: Timestamp,
    /// True while it is being sent; it accepts no more notifications.
    pub is_closed: bool,
    /// Ids of all notifications, without duplicates.
    pub ids: Vec<NotificationId>,
    /// Number of notifications per event.
    pub by_event: BTreeMap<Event, u64>,
    /// Most urgent notifications, earliest first among equals; listed in order of time.
    pub lines: Vec<DigestLine>,
}

/// Notification as a line of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestLine {
    /// Id of the notification.
    pub id: NotificationId,
    /// Key of its trouble.
    pub key: NotificationKey,
    /// Kind of the event.
    pub event: Event,
    /// Severity of the notification.
    pub severity: Severity,
    /// Time of the event.
    pub at: Timestamp,
    /// Affected object.
    pub subject: String,
}

impl NotificationDigest {
    /// Creates an empty digest.
    pub fn new(number: u64, due: Timestamp) -> Self {
        Self { number, due, is_closed: false, ids: Vec::new(), by_event: BTreeMap::new(), lines: Vec::new() }
    }

    /// Returns the notification id of the digest's message.
    pub fn id(channel: &str, number: u64) -> NotificationId {
        NotificationId::derive(channel, Event::ChannelDigest, &number.to_string())
    }

    /// True if the digest accepts another notification at `now`.
    pub fn takes(&self, now: Timestamp) -> bool {
        !self.is_closed && now < self.due && self.ids.len() < FULL
    }

    /// Adds a notification. Idempotent.
    pub fn add(&mut self, line: DigestLine) {
        if self.ids.contains(&line.id) {
            return;
        }
        self.ids.push(line.id.clone());
        *self.by_event.entry(line.event).or_default() += 1;
        let subject = line.subject.chars().take(SUBJECT).collect();
        self.lines.push(DigestLine { subject, ..line });
        self.lines.sort_by_key(|line| (Reverse(line.severity), line.at));
        self.lines.truncate(LINES);
        self.lines.sort_by_key(|line| line.at);
    }

    /// Returns the highest severity of its notifications.
    pub fn severity(&self) -> Severity {
        self.lines.iter().map(|line| line.severity).max().unwrap_or(Severity::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: i64, event: Event) -> DigestLine {
        let id = NotificationId::derive("rec", event, &number.to_string());
        DigestLine {
            id,
            key: NotificationKey::derive("rec", event),
            event,
            severity: event.severity(),
            at: Timestamp::from_second(number).unwrap(),
            subject: number.to_string(),
        }
    }

    #[test]
    fn an_urgent_event_stays_visible_in_a_full_digest() {
        let mut gathering = NotificationDigest::new(1, Timestamp::UNIX_EPOCH);
        (0..100).for_each(|number| gathering.add(line(number, Event::RecordingReady)));
        gathering.add(line(100, Event::RecordingDeletedUnexpectedly));
        assert_eq!((gathering.ids.len(), gathering.lines.len()), (101, LINES));
        assert_eq!(gathering.lines.last().unwrap().event, Event::RecordingDeletedUnexpectedly);
        assert_eq!(gathering.severity(), Severity::Critical);
    }

    #[test]
    fn a_repeated_notification_counts_once_in_a_digest() {
        let mut gathering = NotificationDigest::new(1, Timestamp::UNIX_EPOCH);
        (0..2).for_each(|_| gathering.add(line(1, Event::RecordingReady)));
        assert_eq!(gathering.by_event[&Event::RecordingReady], 1);
    }

    #[test]
    fn a_full_or_due_digest_accepts_no_more_notifications() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut gathering = NotificationDigest::new(1, at(10));
        assert!(gathering.takes(at(9)) && !gathering.takes(at(10)));
        (0..FULL as i64).for_each(|number| gathering.add(line(number, Event::RecordingReady)));
        assert!(!gathering.takes(at(9)));
    }
}
