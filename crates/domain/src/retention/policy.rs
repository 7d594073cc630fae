//! The policy as it was configured.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::join::Tolerances;
use crate::matcher::Condition;
use crate::retention::Period;

/// How long recordings stay, and who deletes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What it is known by: two policies that say the same have the same.
    pub digest: PolicyDigest,
    /// From when on periods are counted.
    pub starts_at: StartsAt,
    /// How far the times of a session may be from those of storage to count.
    pub tolerances: Tolerances,
    /// The class where no rule gives one, as its place in `classes`.
    pub default_class: usize,
    /// The classes, in the order of the configuration.
    pub classes: Vec<Class>,
    /// The rules, in the order of the configuration.
    pub rules: Vec<Rule>,
    /// How long people are warned before a deletion.
    pub grace: Period,
    /// Whether anything is deleted at all; else plans are made and told.
    pub enforce: bool,
    /// Who deletes.
    pub executor: Executor,
    /// How much one run may delete.
    pub limits: Limits,
}

impl Policy {
    /// Until when people are warned of a deletion that they first heard of at this time: the same time of a later day.
    pub fn grace_until(&self, marked_at: Timestamp) -> Timestamp {
        let time = TimeZone::UTC.to_datetime(marked_at);
        let until = self.grace.after(time.date()).to_datetime(time.time());
        TimeZone::UTC.to_timestamp(until).unwrap_or(Timestamp::MAX)
    }
}

/// SHA-256 over everything in a policy that a verdict depends on, as `sha256:` and hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyDigest(pub String);

/// From when on periods are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartsAt {
    /// The end of the session, or of the recording where no session is known.
    SessionEnd,
    /// The creation of the recording.
    Created,
}

/// What follows the last day. In the order of care: the last is the most careful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Then {
    /// It is deleted.
    Delete,
    /// A person decides.
    Review,
    /// It stays.
    Keep,
}

impl Then {
    /// All, in the order of care.
    pub const ALL: [Self; 3] = [Self::Delete, Self::Review, Self::Keep];

    /// The name in configuration and stored forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Review => "review",
            Self::Keep => "keep",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|then| then.name() == name)
    }
}

/// A class of recordings that stay equally long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name, which stands in the tag.
    pub name: String,
    /// How long nobody may delete them.
    pub retain_for: Period,
    /// After how long they go. `None` for those that stay.
    pub delete_after: Option<Period>,
    /// What happens then.
    pub then: Then,
}

/// Which recordings are in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, for people.
    pub name: String,
    /// Which recordings it means.
    pub when: Condition,
    /// Their class, as its place in the policy's `classes`.
    pub class: usize,
    /// Whether it counts even where a person has given a recording another class.
    pub minimum: bool,
}

/// Who deletes what is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Executor {
    /// The archivist.
    Archivist,
    /// A lifecycle rule of the platform, by the tag that the archivist sets.
    Lifecycle,
}

impl Executor {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Archivist, Self::Lifecycle];

    /// The name in configuration and stored forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Archivist => "archivist",
            Self::Lifecycle => "lifecycle",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|executor| executor.name() == name)
    }
}

/// How much one run may delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many recordings.
    pub max_deletes_per_run: u32,
    /// What share of the recordings of one container, in per cent.
    pub max_delete_percent: u8,
}
