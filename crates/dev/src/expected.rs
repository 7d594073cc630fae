//! Notifications that must have been sent by the end of the day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

const READY: &str = "recording.ready";

/// Missing and received notifications.
pub struct ExpectedNotifications {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    /// Minimum time by event and recording; an earlier notification is about an earlier recording of that name.
    missing: BTreeMap<(&'static str, String), Timestamp>,
    came: BTreeMap<String, u64>,
}

impl ExpectedNotifications {
    /// Expects every recording with content to become final, and every empty one to be reported as stale.
    pub fn new(filled: BTreeSet<String>, empty: BTreeSet<String>) -> Self {
        let ready = filled.into_iter().map(|name| ((READY, name), Timestamp::MIN));
        let stale = empty.into_iter().map(|name| (("recording.stale", name), Timestamp::MIN));
        let state = State { missing: ready.chain(stale).collect(), came: BTreeMap::new() };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    /// Expects the deletion to be reported, and the next recording of that name to become final.
    pub fn deleted(&self, name: &str, at: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.missing.insert(("recording.deleted_unexpectedly", name.to_owned()), Timestamp::MIN);
        state.missing.insert((READY, name.to_owned()), at);
    }

    /// Records a notification of an event at `at`; its subject is the name of the recording.
    pub fn came(&self, event: &str, subject: &str, at: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state.came.entry(event.to_owned()).or_default() += 1;
        state.missing.retain(|(missing, name), since| *missing != event || name != subject || at < *since);
        drop(state);
        self.changed.notify_one();
    }

    /// Waits until no notification is missing.
    pub async fn all_came(&self) {
        while !self.missing().is_empty() {
            self.changed.notified().await;
        }
    }

    /// Returns the missing notifications as "event recording".
    pub fn missing(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.missing.keys().map(|(event, name)| format!("{event} {name}")).collect()
    }

    /// Returns the number of notifications per event.
    pub fn counts(&self) -> Vec<(String, u64)> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.came.iter().map(|(event, count)| (event.clone(), *count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn each_recording_is_expected_under_its_own_name() {
        let expected = ExpectedNotifications::new(names(&["a.1", "1"]), names(&["b"]));
        expected.came("recording.ready", "a.1", NOW);
        expected.came("recording.ready", "b", NOW);
        assert_eq!(expected.missing(), ["recording.ready 1", "recording.stale b"]);
        expected.came("recording.ready", "1", NOW);
        expected.came("recording.stale", "b", NOW);
        assert!(expected.missing().is_empty());
        assert_eq!(expected.counts(), [("recording.ready".to_owned(), 3), ("recording.stale".to_owned(), 1)]);
    }

    #[test]
    fn after_a_deletion_earlier_notifications_do_not_count() {
        let expected = ExpectedNotifications::new(names(&["a"]), BTreeSet::new());
        expected.came("recording.ready", "a", NOW);
        let deleted = NOW + SignedDuration::from_secs(2);
        expected.deleted("a", deleted);
        expected.came("recording.ready", "a", NOW + SignedDuration::from_secs(1));
        assert_eq!(expected.missing(), ["recording.deleted_unexpectedly a", "recording.ready a"]);
        expected.came("recording.deleted_unexpectedly", "a", deleted);
        expected.came("recording.ready", "a", deleted);
        assert!(expected.missing().is_empty());
    }
}
