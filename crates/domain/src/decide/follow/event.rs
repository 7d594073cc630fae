//! Judges whether the event of a recording reached the app, and where it may be.

use std::fmt::Display;

use jiff::Timestamp;

use super::{EventPath, FollowFacts, LATE, LinkState, is_late};
use crate::decide::posture::MaybeKnown;

pub(super) fn event(facts: &FollowFacts, now: Timestamp) -> LinkState {
    let entry = match &facts.entry {
        MaybeKnown::Read(entry) => entry.as_deref(),
        MaybeKnown::NotReadable(why) => return LinkState::Unknown(why.clone()),
    };
    if let Some(at) = entry.and_then(|entry| entry.life.blob_events.first_write_at()) {
        return LinkState::done(at, "raised by storage, and received");
    }
    match &facts.path {
        Some(path) if is_late(facts.created_at(), LATE, now) => {
            let found = if entry.is_some() {
                "the entry was made from a listing"
            } else {
                "there is no entry"
            };
            let minutes = LATE.as_mins();
            let why = format!("no event within {minutes} minutes of the creation, {found}: {}", path.seen());
            LinkState::broken(why, path.fix())
        }
        _ => LinkState::waiting("storage sends it to queue recording-events within seconds"),
    }
}

impl EventPath {
    /// Describes every place, unreadable ones included.
    fn seen(&self) -> String {
        let queue = self.queue.as_ref().map(|(depth, oldest)| match oldest {
            Some(oldest) => format!("{depth} messages, the oldest of {oldest}"),
            None => format!("{depth} messages"),
        });
        let pass = self.last_pass.as_ref().map(|at| at.map_or("none".to_owned(), |at| at.to_string()));
        let store = self.strange.as_ref().map(|why| why.clone().unwrap_or_else(|| "no other than before".to_owned()));
        let places = [
            ("queue recording-events", in_words(queue)),
            ("its poison queue", in_words(self.poison.as_ref())),
            ("dead letters", in_words(self.dead_letters.as_ref())),
            ("quarantine", in_words(self.quarantine.as_ref())),
            ("last pass of the timers", in_words(pass)),
            ("store of the container", in_words(store)),
        ];
        places.map(|(place, seen)| format!("{place}: {seen}")).join("; ")
    }

    /// Returns the command for the first place where the event may be.
    fn fix(&self) -> &'static str {
        let some = |count: &MaybeKnown<usize>| count.read().is_some_and(|count| *count > 0);
        if let MaybeKnown::Read(Some(_)) = self.strange {
            return "correct the account in archivist.yaml, or archivist backfill --adopt if the recordings were moved";
        }
        if self.queue.read().is_some_and(|(depth, _)| *depth > 0) {
            return "the function recording_landed does not take its queue: start the app, read its log, and see \
                    own.settings in archivist doctor";
        }
        if some(&self.poison) {
            return "archivist replay poison, then --apply; the log of recording_landed has the reason";
        }
        if some(&self.quarantine) {
            return "archivist replay quarantine, then --apply";
        }
        if some(&self.dead_letters) {
            return "archivist replay dead-letters, then --apply; see the rights of the event subscription";
        }
        if [self.poison.read(), self.dead_letters.read(), self.queue.read().map(|(depth, _)| depth)].contains(&None) {
            return "archivist doctor, signed in with the right to read queues and dead letters";
        }
        "no event reached the queue: see own.recording_events in archivist doctor, then azd provision --no-state"
    }
}

fn in_words<T: Display>(fact: MaybeKnown<T>) -> String {
    match fact {
        MaybeKnown::Read(value) => value.to_string(),
        MaybeKnown::NotReadable(why) => format!("unknown ({why})"),
    }
}
