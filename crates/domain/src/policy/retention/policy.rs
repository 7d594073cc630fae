//! Holds the retention policy as configured.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::policy::join::Tolerances;
use crate::policy::matcher::Condition;
use crate::policy::retention::Period;
use crate::record::retention::{Executor, PolicyDigest, Then};

/// Retention policy: how long recordings stay, and who deletes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Hash of the policy; equal policies have equal hashes.
    pub digest: PolicyDigest,
    /// Start of the periods.
    pub starts_at: StartsAt,
    /// Largest differences between session times and storage times for a session time to count.
    pub tolerances: Tolerances,
    /// Class without a matching rule, as an index into `classes`.
    pub default_class: usize,
    /// Classes, in the order of the configuration.
    pub classes: Vec<Class>,
    /// Rules, in the order of the configuration.
    pub rules: Vec<RetentionRule>,
    /// Grace period between the warning and the deletion.
    pub grace: Period,
    /// If false, deletions are planned and notified but never carried out.
    pub enforce: bool,
    /// Executor of deletions.
    pub executor: Executor,
    /// Limits of one run.
    pub limits: Limits,
}

impl Policy {
    /// Returns the end of the grace period from `marked_at`: the same time on a later day.
    pub fn grace_until(&self, marked_at: Timestamp) -> Timestamp {
        let time = TimeZone::UTC.to_datetime(marked_at);
        let until = self.grace.after(time.date()).to_datetime(time.time());
        TimeZone::UTC.to_timestamp(until).unwrap_or(Timestamp::MAX)
    }
}

/// Start of the periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartsAt {
    /// End of the session, or of the recording if no session is known.
    SessionEnd,
    /// Creation of the recording.
    Created,
}

/// Class of recordings with the same retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Name of the class, also used as tag value.
    pub name: String,
    /// Mandatory retention, during which deletion is forbidden.
    pub retain_for: Period,
    /// Period until the deletion. `None` if the recordings stay.
    pub delete_after: Option<Period>,
    /// Action after the last day.
    pub then: Then,
}

/// Rule for assigning a class to recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRule {
    /// Name for people.
    pub name: String,
    /// Condition on the recording.
    pub when: Condition,
    /// Class, as an index into the policy's `classes`.
    pub class: usize,
    /// True if the rule also counts beside a class assigned by a person.
    pub minimum: bool,
}

/// Limits of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest number of deleted recordings.
    pub max_deletes_per_run: u32,
    /// Largest share of one container's recordings, in per cent.
    pub max_delete_percent: u8,
}
