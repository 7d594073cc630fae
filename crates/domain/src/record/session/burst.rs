//! Properties by which failed logins are counted together.

use super::assemble::Session;

/// Property by which failed logins are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BurstKey {
    /// Person, by e-mail address in lower case.
    Person(String),
    /// Client address.
    Client(String),
    /// Machine, in lower case.
    Target(String),
}

impl BurstKey {
    /// Returns the keys under which a failed login counts.
    pub fn for_session(failed: &Session) -> Vec<Self> {
        let facts = &failed.facts;
        let person = facts.user_email.as_ref().map(|person| Self::Person(person.to_lowercase()));
        let client = facts.client_ip.as_deref().map(|client| Self::Client(client.to_owned()));
        let target = facts.machine().map(|machine| Self::Target(machine.to_lowercase()));
        person.into_iter().chain(client).chain(target).collect()
    }

    /// Returns the kind of key: `person`, `client` or `target`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Client(_) => "client",
            Self::Target(_) => "target",
        }
    }

    /// Returns the value of the key.
    pub fn value(&self) -> &str {
        match self {
            Self::Person(value) | Self::Client(value) | Self::Target(value) => value,
        }
    }
}
