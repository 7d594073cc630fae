//! Headings of the catalogue's lists.

use domain::catalogue::{Entry, RecordingState};
use domain::estate::BastionName;
use domain::session::SessionFacts;
use strum::IntoStaticStr;

/// Property shared by the entries of one list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Heading {
    /// State of the recording.
    State(RecordingState),
    /// Bastion that made the recording.
    Bastion(BastionName),
    /// Verdict on its session: the name of a [`Match`](domain::join::Match).
    Match(String),
    /// Person, in lower case.
    Person(String),
    /// Machine, in lower case.
    Machine(String),
    /// Tunnel id of the session.
    Session(String),
}

impl Heading {
    /// Returns the heading of a person's recordings, ignoring case.
    pub fn person(person: &str) -> Self {
        Self::Person(person.trim().to_lowercase())
    }

    /// Returns the heading of a machine's recordings, ignoring case.
    pub fn machine(machine: &str) -> Self {
        Self::Machine(machine.trim().to_lowercase())
    }

    /// Returns all headings of an entry.
    pub fn of(entry: &Entry) -> Vec<Self> {
        let verdict = &entry.joined.verdict;
        let session = verdict.session();
        let person = verdict.person().map(Self::person);
        let machine = session.and_then(SessionFacts::machine).map(|machine| Self::machine(&machine));
        let tunnel = session.map(|session| Self::Session(session.tunnel_id.as_str().to_owned()));
        let always =
            [Self::State(entry.state), Self::Bastion(entry.bastion.clone()), Self::Match(verdict.name().to_owned())];
        always.into_iter().chain(person).chain(machine).chain(tunnel).collect()
    }

    /// Returns the kind of heading, for stored keys.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Returns the value, for stored keys.
    pub fn value(&self) -> &str {
        match self {
            Self::State(state) => state.name(),
            Self::Bastion(name) => name.as_str(),
            Self::Match(value) | Self::Person(value) | Self::Machine(value) | Self::Session(value) => value,
        }
    }
}
