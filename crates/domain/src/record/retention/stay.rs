//! Retention of one recording: the policy's answer, with its dates and reasons.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::named;

/// Retention of a recording: dates, action and reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Class with the longest retention of all assigned classes.
    pub class: String,
    /// Rules that assigned classes, in the order of the policy. Empty for a default or assigned class.
    pub rules: Vec<String>,
    /// Rules that cannot be decided. The recording stays while there is one.
    pub unknown: Vec<String>,
    /// Day from which the periods were counted.
    pub counted_from: Date,
    /// Last day of the mandatory retention.
    pub retain_until: Date,
    /// Last day of the stay. `None` if it has no end.
    pub delete_after: Option<Date>,
    /// Action after the last day.
    pub then: Then,
    /// Policy behind this retention.
    pub policy: PolicyDigest,
}

/// SHA-256 over everything in a policy with influence on a verdict, as `sha256:` and hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyDigest(pub String);

/// Action after the last day, ordered from the least to the most careful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Then {
    /// Delete the recording.
    Delete,
    /// Ask a person.
    Review,
    /// Keep the recording.
    Keep,
}

named!(Then: ALL, name, parse);

impl Retention {
    /// Returns true if this retention is at least as long and as careful as `other`.
    pub fn covers(&self, other: &Self) -> bool {
        let stays_until = |of: &Self| of.delete_after.unwrap_or(Date::MAX);
        self.retain_until >= other.retain_until && stays_until(self) >= stays_until(other) && self.then >= other.then
    }

    /// Returns true if this retention shortens `was`: it ends earlier, is less careful, or lacks an undecided rule that
    /// kept the recording.
    pub fn shortens(&self, was: &Self) -> bool {
        !self.covers(was) || was.unknown.iter().any(|rule| !self.unknown.contains(rule))
    }

    /// Returns true if both retentions end in the same way. An approval under one is then valid under the other.
    pub fn ends_like(&self, other: &Self) -> bool {
        (&self.class, self.delete_after, self.then) == (&other.class, other.delete_after, other.then)
    }

    /// Returns the retention after a new resolution, which shortens nothing unless `may_shorten` is set.
    #[must_use]
    pub fn extended_by(&self, new: Self, may_shorten: bool) -> Self {
        if may_shorten || new.covers(self) {
            return new;
        }
        let unknown = new.unknown.clone();
        if self.covers(&new) {
            return Self { unknown, ..self.clone() };
        }
        // Each is more careful than the other in some respect.
        let longer = if new.retain_until > self.retain_until { &new } else { self };
        let then = self.then.max(new.then);
        let stays_until = self.delete_after.zip(new.delete_after).map(|(was, is)| was.max(is));
        Self {
            class: longer.class.clone(),
            rules: self
                .rules
                .iter()
                .chain(new.rules.iter().filter(|rule| !self.rules.contains(rule)))
                .cloned()
                .collect(),
            unknown,
            counted_from: longer.counted_from,
            retain_until: longer.retain_until,
            delete_after: stays_until.filter(|_| then != Then::Keep),
            then,
            policy: new.policy,
        }
    }

    /// Returns the first moment at which the recording may be deleted. `None` if it stays.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let day = self.delete_after?.tomorrow().ok()?;
        TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()
    }
}
