//! Holds in the truth, and placing them.

use domain::hold::{Actor, Hold, Scope};
use jiff::Timestamp;
use pipeline::ports::Clock;
use pipeline::testing::schedule::now;

use crate::hostile::storage::Without;
use crate::hostile::truth::Recording;
use crate::hostile::visit::Written;
use crate::hostile::world::{BASTION, World};

/// Scope of a hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Recording(String),
    Person(&'static str),
    Session(String),
    Machine(String),
    Bastion,
    /// Sessions within this range.
    During(Timestamp, Timestamp),
}

impl Held {
    pub fn covers(&self, name: &str, recording: &Recording) -> bool {
        let session = &recording.session;
        match self {
            Self::Recording(held) => name == held,
            Self::Person(person) => session.visit.person == *person,
            Self::Session(tunnel) => session.tunnel == *tunnel,
            Self::Machine(machine) => session.machine() == *machine,
            Self::Bastion => true,
            Self::During(from, to) => {
                let (begun, ended) = match session.visit.written {
                    Written::Live => (recording.created_at, recording.written_at),
                    Written::Uploaded(_) => (session.start, session.end),
                };
                ended >= *from && begun < *to
            }
        }
    }

    /// True if the scope depends on the session of the recording.
    pub fn asks_session(&self) -> bool {
        matches!(self, Self::Person(_) | Self::Session(_) | Self::Machine(_))
    }

    fn guard(&self) -> Without {
        match self {
            Self::Recording(_) => Without::HoldOnRecording,
            Self::Person(_) => Without::HoldOnPerson,
            Self::Session(_) => Without::HoldOnSession,
            Self::Machine(_) => Without::HoldOnMachine,
            Self::Bastion => Without::HoldOnBastion,
            Self::During(..) => Without::HoldByTime,
        }
    }
}

pub fn actor() -> Actor {
    Actor { name: "counsel".to_owned(), is_verified: true }
}

impl World {
    /// Places the hold of a case. The truth counts it once placing has succeeded.
    pub fn hold(&self, case: &str, held: Held) {
        let scope = if self.without == Some(held.guard()) {
            Scope { bastion: Some("another".to_owned()), ..Scope::default() }
        } else {
            self.scope(&held)
        };
        let hold = Hold::new(case, "a letter of the court", scope, actor(), self.clock.now());
        if now(self.archivist().hold_placing.place_hold(&hold)).is_ok() {
            self.truth().holds.insert(case.to_owned(), held);
        }
    }

    /// Releases the holds of a case.
    pub fn release(&self, case: &str) {
        now(self.archivist().hold_release.release_holds(case, None, &actor())).unwrap();
        self.truth().holds.remove(case);
    }

    fn scope(&self, held: &Held) -> Scope {
        let named = |name: &str| self.entries().into_iter().find(|entry| entry.address.name.as_str() == name);
        let scope = Scope::default();
        match held.clone() {
            Held::Recording(name) => Scope { recording: named(&name).map(|entry| entry.id), ..scope },
            Held::Person(person) => Scope { person: Some(person.to_owned()), ..scope },
            Held::Session(tunnel) => Scope { session: Some(tunnel), ..scope },
            Held::Machine(machine) => Scope { machine: Some(machine), ..scope },
            Held::Bastion => Scope { bastion: Some(BASTION.to_owned()), ..scope },
            Held::During(from, to) => Scope { from: Some(from), to: Some(to), ..scope },
        }
    }
}
