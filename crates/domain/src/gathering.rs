//! What a channel is not sent one by one is gathered and sent as one message.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::notification::{Event, NotificationId, Severity};

/// How many of what was gathered are told one by one.
pub const LINES: usize = 20;
/// How many are gathered into one message at most.
pub const FULL: usize = 500;
/// The longest subject that is kept, in characters.
const SUBJECT: usize = 200;

/// Notifications that are sent as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    /// Which one of its channel, from 1.
    pub number: u64,
    /// When it is sent.
    pub due: Timestamp,
    /// Whether it is being sent, so that no more can come to it.
    pub is_closed: bool,
    /// Every notification in it, once.
    pub ids: Vec<NotificationId>,
    /// How many there are of each event.
    pub by_event: BTreeMap<Event, u64>,
    /// The most urgent ones, and of these the first; in the order of their times.
    pub lines: Vec<Line>,
}

/// One of them, as it is told in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The notification.
    pub id: NotificationId,
    /// What happened.
    pub event: Event,
    /// How urgent it is.
    pub severity: Severity,
    /// When.
    pub at: Timestamp,
    /// What it happened to.
    pub subject: String,
}

impl Gathering {
    /// One in which nothing is yet.
    pub fn new(number: u64, due: Timestamp) -> Self {
        Self { number, due, is_closed: false, ids: Vec::new(), by_event: BTreeMap::new(), lines: Vec::new() }
    }

    /// The id of the message that it becomes.
    pub fn id(channel: &str, number: u64) -> NotificationId {
        NotificationId::derive(channel, Event::ChannelDigest, &number.to_string())
    }

    /// Whether another notification can come to it at this time.
    pub fn takes(&self, now: Timestamp) -> bool {
        !self.is_closed && now < self.due && self.ids.len() < FULL
    }

    /// Adds a notification. One that is in it already changes nothing.
    pub fn add(&mut self, line: Line) {
        if self.ids.contains(&line.id) {
            return;
        }
        self.ids.push(line.id.clone());
        *self.by_event.entry(line.event).or_default() += 1;
        let subject = line.subject.chars().take(SUBJECT).collect();
        self.lines.push(Line { subject, ..line });
        self.lines.sort_by_key(|line| (Reverse(line.severity), line.at));
        self.lines.truncate(LINES);
        self.lines.sort_by_key(|line| line.at);
    }

    /// How urgent the most urgent of them is.
    pub fn severity(&self) -> Severity {
        self.lines.iter().map(|line| line.severity).max().unwrap_or(Severity::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: i64, event: Event) -> Line {
        let id = NotificationId::derive("rec", event, &number.to_string());
        Line {
            id,
            event,
            severity: event.severity(),
            at: Timestamp::from_second(number).unwrap(),
            subject: number.to_string(),
        }
    }

    #[test]
    fn what_is_urgent_is_told_however_much_else_there_is() {
        let mut gathering = Gathering::new(1, Timestamp::UNIX_EPOCH);
        (0..100).for_each(|number| gathering.add(line(number, Event::RecordingReady)));
        gathering.add(line(100, Event::RecordingDeletedUnexpectedly));
        assert_eq!((gathering.ids.len(), gathering.lines.len()), (101, LINES));
        assert_eq!(gathering.lines.last().unwrap().event, Event::RecordingDeletedUnexpectedly);
        assert_eq!(gathering.severity(), Severity::Critical);
    }

    #[test]
    fn the_same_one_counts_once() {
        let mut gathering = Gathering::new(1, Timestamp::UNIX_EPOCH);
        (0..2).for_each(|_| gathering.add(line(1, Event::RecordingReady)));
        assert_eq!(gathering.by_event[&Event::RecordingReady], 1);
    }

    #[test]
    fn a_full_one_and_one_whose_time_has_come_take_no_more() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut gathering = Gathering::new(1, at(10));
        assert!(gathering.takes(at(9)) && !gathering.takes(at(10)));
        (0..FULL as i64).for_each(|number| gathering.add(line(number, Event::RecordingReady)));
        assert!(!gathering.takes(at(9)));
    }
}
