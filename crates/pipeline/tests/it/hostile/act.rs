//! Events of a hostile world, except the work of healthy processes.

use std::sync::Arc;

use adapters_local::memory::MemoryBlobs;
use domain::record::tags::{CLASS, DUE, HOLD, NO_HOLD, STATE, TagSet};
use jiff::SignedDuration;
use pipeline::Archivist;
use pipeline::ports::BlobStore;
use pipeline::testing::schedule::now;

use crate::hostile::holds::HostileHold;
use crate::hostile::storage::BY_HAND;
use crate::hostile::visit::HostileVisit;
use crate::hostile::world::{HostileWorld, address, days, store};

/// An action of a person, or a failure.
#[derive(Debug, Clone)]
pub enum HostileAct {
    /// Concurrent sessions.
    Visit(Vec<HostileVisit>),
    Hold(u8, ActKind),
    Release(u8),
    Tags(usize, HostileTagWrite),
    HoldByHand(usize),
    Junk(usize, usize),
    /// A process runs whose clock is wrong by this many hours.
    WrongClock(i64),
    /// A process runs on another store: an empty one if true, else one with other blobs of the same names.
    WrongStore(bool),
}

/// Scope of a hold to place.
#[derive(Debug, Clone, Copy)]
pub enum ActKind {
    Recording(usize),
    Person(&'static str),
    Session(usize),
    Machine(usize),
    Bastion,
    /// From this many seconds after the start of a session, for this many seconds.
    During(usize, i64, i64),
}

/// Change of a recording's tags by another writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostileTagWrite {
    /// Adds a tag of the writer.
    Theirs,
    /// Removes every tag of the archivist.
    NoneOfOurs,
    /// Sets the hold tag to "no hold".
    NoHold,
    /// Sets the class and a last day in the distant past.
    Stale,
    /// Sets the tags of a recording due for deletion.
    Due,
}

impl HostileWorld {
    pub fn act(&mut self, act: &HostileAct) {
        match act {
            HostileAct::Visit(visits) => {
                self.clock.advance(SignedDuration::from_mins(190));
                self.hold_sessions(visits);
            }
            HostileAct::Hold(case, kind) => {
                let case = format!("case {case}");
                let held = self.held(*kind).filter(|_| !self.truth().holds.contains_key(&case));
                held.into_iter().for_each(|held| self.hold(&case, held));
            }
            HostileAct::Release(case) => self.release(&format!("case {case}")),
            HostileAct::Tags(which, write) => {
                self.pick(*which).into_iter().for_each(|name| self.write_tags(&name, *write));
            }
            HostileAct::HoldByHand(which) => {
                if let Some(name) = self.pick(*which) {
                    self.set_hold_tag(&name, BY_HAND);
                    let mut truth = self.truth();
                    let recording = truth.recordings.get_mut(&name).unwrap();
                    (recording.is_held_by_hand, recording.was_held_by_hand) = (true, true);
                }
            }
            HostileAct::Junk(which, times) => self.tell_junk(*which, *times),
            HostileAct::WrongClock(_) if !self.truth().said.tells_time => {}
            HostileAct::WrongClock(hours) => {
                let process = self.archivist_with_wrong_clock(SignedDuration::from_hours(*hours));
                // Long enough to warn of an expiry and to delete.
                for _ in 0..3 {
                    self.pass(&process);
                    self.clock.advance(days(1));
                }
            }
            HostileAct::WrongStore(is_empty) => {
                let store = self.another_store(*is_empty);
                for _ in 0..2 {
                    self.pass(&self.archivist_on(&store));
                    self.clock.advance(days(1));
                }
            }
        }
    }

    /// Fires every timer of a process. The next run handles failures.
    pub fn pass(&self, process: &Archivist) {
        drop(now(process.tailing.tail(&|| true)));
        for _ in 0..3 {
            drop(now(process.due_work.sweep(&|| true)));
        }
        drop(now(process.reconciliation.reconcile(&|| true)));
        drop(now(process.retention.run_retention(&|| true)));
    }

    fn pick(&self, which: usize) -> Option<String> {
        let truth = self.truth();
        let there: Vec<&String> =
            truth.recordings.iter().filter(|(_, one)| one.is_there).map(|(name, _)| name).collect();
        there.get(which % there.len().max(1)).map(|name| (*name).clone())
    }

    fn held(&self, kind: ActKind) -> Option<HostileHold> {
        let session = |which| self.pick(which).map(|name| self.truth().recordings[&name].session.clone());
        Some(match kind {
            ActKind::Recording(which) => HostileHold::Recording(self.pick(which)?),
            ActKind::Person(person) => HostileHold::Person(person),
            ActKind::Session(which) => HostileHold::Session(session(which)?.tunnel),
            ActKind::Machine(which) => HostileHold::Machine(session(which)?.machine()),
            ActKind::Bastion => HostileHold::Bastion,
            ActKind::During(which, from, lasts) => {
                let from = session(which)?.start + SignedDuration::from_secs(from);
                HostileHold::During(from, from + SignedDuration::from_secs(lasts))
            }
        })
    }

    /// Sets the hold tag by hand.
    pub fn set_hold_tag(&self, name: &str, value: &str) {
        let mut tags = now(self.blobs.tags(&address(name))).unwrap().unwrap();
        tags.0.insert(HOLD.to_owned(), value.to_owned());
        self.blobs.set_tags(&address(name), tags);
    }

    fn write_tags(&self, name: &str, write: HostileTagWrite) {
        let mut tags = now(self.blobs.tags(&address(name))).unwrap().unwrap();
        let mut set = |key: &str, value: &str| drop(tags.0.insert(key.to_owned(), value.to_owned()));
        match write {
            HostileTagWrite::Theirs => set("team", "red"),
            HostileTagWrite::NoHold => set(HOLD, NO_HOLD),
            HostileTagWrite::Stale => {
                set(CLASS, "class-1");
                set("bsr-expires", "2020-01-01");
            }
            // If a lifecycle rule of the platform deletes, a writer of this tag is allowed to delete.
            HostileTagWrite::Due if self.truth().said.lifecycle => {}
            HostileTagWrite::Due => {
                set(HOLD, NO_HOLD);
                set(STATE, DUE);
            }
            HostileTagWrite::NoneOfOurs => tags = TagSet::default(),
        }
        if tags.0.get(HOLD).is_none_or(|value| value == NO_HOLD) {
            // Removing a hold tag set by hand ends that hold.
            self.truth().recordings.get_mut(name).unwrap().is_held_by_hand = false;
        }
        self.blobs.set_tags(&address(name), tags);
    }

    /// Another store, empty or with other, older blobs of the same names.
    fn another_store(&self, is_empty: bool) -> Arc<MemoryBlobs> {
        let store = store("another");
        let names: Vec<String> = self.truth().recordings.keys().cloned().collect();
        for name in names.iter().filter(|_| !is_empty) {
            store.put(&address(name), 7, "2025-01-05T09:00:00Z".parse().unwrap());
        }
        store
    }
}
