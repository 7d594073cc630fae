//! Holds in the truth, and placing them.

use domain::record::hold::{Actor, Hold, HoldScope};
use jiff::Timestamp;
use pipeline::ports::Clock;
use pipeline::testing::schedule::now;

use crate::hostile::storage::MissingPart;
use crate::hostile::truth::TrueRecording;
use crate::hostile::visit::WrittenVisit;
use crate::hostile::world::{BASTION, HostileWorld};

/// Scope of a hold.
#[derive(Debug, Clone, PartialEq)]
pub enum HostileHold {
    Recording(String),
    Person(&'static str),
    Session(String),
    Machine(String),
    Bastion,
    /// Sessions within this range.
    During(Timestamp, Timestamp),
}

impl HostileHold {
    pub fn covers(&self, name: &str, recording: &TrueRecording) -> bool {
        let session = &recording.session;
        match self {
            Self::Recording(held) => name == held,
            Self::Person(person) => session.visit.person == *person,
            Self::Session(tunnel) => session.tunnel == *tunnel,
            Self::Machine(machine) => session.machine() == *machine,
            Self::Bastion => true,
            Self::During(from, to) => {
                let (begun, ended) = match session.visit.written {
                    WrittenVisit::Live => (recording.created_at, recording.written_at),
                    WrittenVisit::Uploaded(_) => (session.start, session.end),
                };
                ended >= *from && begun < *to
            }
        }
    }

    /// True if the scope depends on the session of the recording.
    pub fn asks_session(&self) -> bool {
        matches!(self, Self::Person(_) | Self::Session(_) | Self::Machine(_))
    }

    fn guard(&self) -> MissingPart {
        match self {
            Self::Recording(_) => MissingPart::HoldOnRecording,
            Self::Person(_) => MissingPart::HoldOnPerson,
            Self::Session(_) => MissingPart::HoldOnSession,
            Self::Machine(_) => MissingPart::HoldOnMachine,
            Self::Bastion => MissingPart::HoldOnBastion,
            Self::During(..) => MissingPart::HoldByTime,
        }
    }
}

pub fn actor() -> Actor {
    Actor { name: "counsel".to_owned(), is_verified: true }
}

impl HostileWorld {
    /// Places the hold of a case. The truth counts it once placing has succeeded.
    pub fn hold(&self, case: &str, held: HostileHold) {
        let scope = if self.without == Some(held.guard()) {
            HoldScope { bastion: Some("another".to_owned()), ..HoldScope::default() }
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
        now(self.archivist().hold_release.release_holds(case, &actor())).unwrap();
        self.truth().holds.remove(case);
    }

    fn scope(&self, held: &HostileHold) -> HoldScope {
        let named = |name: &str| self.entries().into_iter().find(|entry| entry.address.name.as_str() == name);
        let scope = HoldScope::default();
        match held.clone() {
            HostileHold::Recording(name) => HoldScope { recording: named(&name).map(|entry| entry.id), ..scope },
            HostileHold::Person(person) => HoldScope { person: Some(person.to_owned()), ..scope },
            HostileHold::Session(tunnel) => HoldScope { session: Some(tunnel), ..scope },
            HostileHold::Machine(machine) => HoldScope { machine: Some(machine), ..scope },
            HostileHold::Bastion => HoldScope { bastion: Some(BASTION.to_owned()), ..scope },
            HostileHold::During(from, to) => HoldScope { from: Some(from), to: Some(to), ..scope },
        }
    }
}
