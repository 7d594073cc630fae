//! Under what entries are listed.

use domain::catalogue::{Entry, State};
use domain::estate::BastionName;
use domain::session::SessionFacts;

/// What entries of one list share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heading {
    /// Where they stand.
    State(State),
    /// The bastion that recorded them.
    Bastion(BastionName),
    /// What is known of their session: the name of a [`Match`](domain::join::Match).
    Match(String),
    /// The person, in lower case.
    Person(String),
    /// The machine, in lower case.
    Machine(String),
    /// The session, by its tunnel id.
    Session(String),
}

impl Heading {
    /// A person's recordings; case does not count.
    pub fn person(person: &str) -> Self {
        Self::Person(person.trim().to_lowercase())
    }

    /// A machine's recordings; case does not count.
    pub fn machine(machine: &str) -> Self {
        Self::Machine(machine.trim().to_lowercase())
    }

    /// Everything that an entry is listed under.
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

    /// The kind of heading, for stored keys.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::State(_) => "state",
            Self::Bastion(_) => "bastion",
            Self::Match(_) => "match",
            Self::Person(_) => "person",
            Self::Machine(_) => "machine",
            Self::Session(_) => "session",
        }
    }

    /// What stands in it.
    pub fn value(&self) -> &str {
        match self {
            Self::State(state) => state.name(),
            Self::Bastion(name) => name.as_str(),
            Self::Match(value) | Self::Person(value) | Self::Machine(value) | Self::Session(value) => value,
        }
    }
}
