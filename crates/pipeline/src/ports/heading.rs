//! Headings of the catalogue's lists.

use domain::policy::join::without_suffix;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::session::SessionFacts;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use strum::IntoStaticStr;

use super::words::fold;

/// Property shared by the entries of one list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Heading {
    /// State of the recording.
    State(RecordingState),
    /// Bastion that made the recording.
    Bastion(BastionName),
    /// Verdict on its session: the name of a [`Match`](domain::record::join::Match).
    Match(String),
    /// Certain person, in lower case; the session need not be certain.
    Person(String),
    /// Machine, in lower case.
    Machine(String),
    /// Account on the machine, in lower case.
    Account(String),
    /// Name of the recording without its numeric suffix, in lower case.
    Stem(String),
    /// Tunnel id of the session.
    Session(String),
    /// UTC month in which it was deleted, such as `2026-10`; for deleted recordings only.
    Deleted(String),
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

    /// Returns the heading of the recordings whose names differ from this one only by a numeric suffix.
    pub fn stem(name: &str) -> Self {
        Self::Stem(fold(without_suffix(name).unwrap_or(name)))
    }

    /// Returns the heading of the recordings deleted in the UTC month of `at`.
    pub fn deleted_in_month_of(at: Timestamp) -> Self {
        Self::Deleted(at.to_zoned(TimeZone::UTC).strftime("%Y-%m").to_string())
    }

    /// Returns all headings of an entry.
    pub fn for_entry(entry: &Entry) -> Vec<Self> {
        let verdict = &entry.match_state.verdict;
        let session = verdict.session();
        let person = verdict.person().map(Self::person);
        let machine = session.and_then(SessionFacts::machine).map(|machine| Self::machine(&machine));
        let account = session.and_then(|session| session.user_name.as_deref()).map(|name| Self::Account(fold(name)));
        let tunnel = session.map(|session| Self::Session(session.tunnel_id.as_str().to_owned()));
        let deleted = entry.gone_at().map(Self::deleted_in_month_of);
        let always = [
            Self::State(entry.state),
            Self::Bastion(entry.bastion.clone()),
            Self::Match(verdict.name().to_owned()),
            Self::stem(entry.address.name.as_str()),
        ];
        always.into_iter().chain(person).chain(machine).chain(account).chain(tunnel).chain(deleted).collect()
    }

    /// Returns the kind of heading, for stored keys.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Returns the searched heading of a stored kind and value, or `None` for any other kind.
    pub fn searched(kind: &str, value: &str) -> Option<Self> {
        let bastion = Self::Bastion(BastionName::new(value));
        let texts = [Self::Person, Self::Machine, Self::Account, Self::Stem].map(|heading| heading(value.to_owned()));
        texts.into_iter().chain([bastion]).find(|heading| heading.kind() == kind)
    }

    /// Returns the value, for stored keys.
    pub fn value(&self) -> &str {
        match self {
            Self::State(state) => state.name(),
            Self::Bastion(name) => name.as_str(),
            Self::Match(value)
            | Self::Person(value)
            | Self::Machine(value)
            | Self::Account(value)
            | Self::Stem(value)
            | Self::Session(value)
            | Self::Deleted(value) => value,
        }
    }
}
