//! Digest of notifications: collected for a channel and sent as one message.

mod expiring;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::record::notification::{Event, NotificationId, NotificationKey, Severity};
pub use expiring::{ExpiringClass, ExpiringRecording, OF_ALL, OF_CLASS};

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
    /// Most urgent notifications, earliest first among equals; listed in order of time. Recordings in `expiring` are not
    /// among them.
    pub lines: Vec<DigestLine>,
    /// Recordings about to be deleted, by class.
    pub expiring: Vec<ExpiringClass>,
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

/// Notification as a digest lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigestItem {
    /// In the list of the most urgent ones.
    Line(DigestLine),
    /// In the list of its retention class.
    Expiring {
        /// Name of the class.
        class: String,
        /// Recording about to be deleted.
        recording: ExpiringRecording,
    },
}

impl DigestItem {
    /// Returns the id of the notification.
    pub fn id(&self) -> &NotificationId {
        match self {
            Self::Line(line) => &line.id,
            Self::Expiring { recording, .. } => &recording.id,
        }
    }

    fn event(&self) -> Event {
        match self {
            Self::Line(line) => line.event,
            Self::Expiring { .. } => Event::RecordingExpiring,
        }
    }
}

impl From<DigestLine> for DigestItem {
    fn from(line: DigestLine) -> Self {
        Self::Line(line)
    }
}

impl NotificationDigest {
    /// Creates an empty digest.
    pub fn new(number: u64, due: Timestamp) -> Self {
        Self {
            number,
            due,
            is_closed: false,
            ids: Vec::new(),
            by_event: BTreeMap::new(),
            lines: Vec::new(),
            expiring: Vec::new(),
        }
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
    pub fn add(&mut self, item: impl Into<DigestItem>) {
        let item = item.into();
        if self.ids.contains(item.id()) {
            return;
        }
        self.ids.push(item.id().clone());
        *self.by_event.entry(item.event()).or_default() += 1;
        match item {
            DigestItem::Line(line) => self.add_line(line),
            DigestItem::Expiring { class, recording } => expiring::add(&mut self.expiring, &class, recording),
        }
    }

    fn add_line(&mut self, line: DigestLine) {
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

    fn expiring(class: &str, number: i64) -> DigestItem {
        let name = format!("vm-{number:03}");
        let recording = ExpiringRecording {
            id: NotificationId::derive(&name, Event::RecordingExpiring, ""),
            key: NotificationKey::derive(&name, Event::RecordingExpiring),
            recording: format!("rec_{number}"),
            name,
            person: None,
            bastion: "bas-hub-01".to_owned(),
            goes_at: Timestamp::from_second(number).unwrap(),
            then: crate::record::retention::Then::Delete,
        };
        DigestItem::Expiring { class: class.to_owned(), recording }
    }

    #[test]
    fn expiring_recordings_are_listed_by_class_the_soonest_first() {
        let mut gathering = NotificationDigest::new(1, Timestamp::UNIX_EPOCH);
        (0..15).rev().for_each(|number| gathering.add(expiring("pci", number)));
        (20..22).for_each(|number| gathering.add(expiring("audit", number)));
        gathering.add(expiring("pci", 3));
        let lists: Vec<_> =
            gathering.expiring.iter().map(|list| (list.class.as_str(), list.total, list.recordings.len())).collect();
        assert_eq!(lists, [("audit", 2, 2), ("pci", 15, OF_CLASS)]);
        let names: Vec<&str> = gathering.expiring[1].recordings.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names[0], names[9]), ("vm-000", "vm-009"));
        assert_eq!((gathering.ids.len(), gathering.by_event[&Event::RecordingExpiring]), (17, 17));
        assert_eq!((gathering.lines.len(), gathering.severity()), (0, Severity::Info));
    }

    #[test]
    fn every_class_keeps_its_soonest_recordings_in_a_full_list() {
        let mut gathering = NotificationDigest::new(1, Timestamp::UNIX_EPOCH);
        (0..FULL as i64).for_each(|number| gathering.add(expiring(&format!("class-{}", number % 8), number)));
        let listed: Vec<usize> = gathering.expiring.iter().map(|list| list.recordings.len()).collect();
        assert_eq!((listed.iter().sum::<usize>(), listed.iter().min()), (OF_ALL, Some(&(OF_ALL / 8))));
        assert_eq!(gathering.expiring.iter().map(|list| list.total).sum::<u64>(), FULL as u64);
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
