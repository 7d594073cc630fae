//! Evaluates the policy for an entry and merges the result with the earlier retention.

use core::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::KnownTimes;
use super::policy::{Class, Policy, PolicyDigest, RetentionRule, Then};
use super::resolution::{Resolution, resolve};
use crate::catalogue::{Entry, StoredTimes};
use crate::join::Tolerances;
use crate::matcher::{ConditionResult, Facts};

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

/// Rule with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvaluatedRule<'p> {
    /// The rule.
    pub rule: &'p RetentionRule,
    /// Answer for the recording.
    pub answer: ConditionResult,
    /// True if the answer counts. If a person assigned a class, only `minimum` rules count.
    pub counts: bool,
}

impl Policy {
    /// Evaluates every rule for a recording. `given` is the class assigned by a person.
    pub fn ask<'p>(&'p self, facts: &Facts<'_>, given: Option<&str>) -> impl Iterator<Item = EvaluatedRule<'p>> {
        let is_given = given.is_some();
        self.rules.iter().map(move |rule| EvaluatedRule {
            rule,
            answer: rule.when.asked(facts),
            counts: rule.minimum || !is_given,
        })
    }

    /// Returns the present retention of an entry. `None` if the times of its recording are unknown.
    pub fn says_of<'p>(&'p self, entry: &'p Entry) -> Option<Resolution<'p>> {
        let day = self.counted_from(entry)?.day;
        let given = entry.custody.given_class.as_deref();
        Some(facts_of_entry(entry, self.tolerances, |facts| resolve(self, facts, given, day)))
    }

    /// Returns the retention of an entry merged with its earlier one, which is shortened only if `may_shorten` is set.
    /// `None` if the times of its recording are unknown.
    pub fn extends(&self, entry: &Entry, may_shorten: bool) -> Option<Retention> {
        let new = self.says_of(entry)?.keep();
        let created_on = StoredTimes::of(&entry.life)?.created_on();
        Some(match &entry.custody.retention {
            Some(was) => was.clone().counted_no_earlier(created_on).extended_by(new, may_shorten),
            None => new,
        })
    }

    /// Returns true if a rule reads tags, which others can change without an event.
    pub fn asks_tags(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.asks_tags())
    }

    /// Returns the class of this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }
}

impl Retention {
    /// Returns true if this retention is at least as long and as careful as `other`.
    pub fn covers(&self, other: &Self) -> bool {
        let stays_until = |of: &Self| of.delete_after.unwrap_or(Date::MAX);
        self.retain_until >= other.retain_until && stays_until(self) >= stays_until(other) && self.then >= other.then
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

/// Calls `with` with the facts about a recording. Session times contradicted by storage count as unknown.
pub fn facts_of_entry<T>(entry: &Entry, tolerances: Tolerances, with: impl FnOnce(&Facts<'_>) -> T) -> T {
    let session = entry.joined.verdict.session();
    let machine = session.and_then(crate::session::SessionFacts::machine_name);
    let target = session.and_then(|session| session.target_resource_id.as_deref());
    let segment = |name: &str| target.and_then(|id| segment_after(id, name));
    let address = |text: Option<&str>| text.and_then(|text| text.parse::<IpAddr>().ok());
    let times = KnownTimes::of(entry, tolerances);
    with(&Facts {
        person: entry.joined.verdict.person(),
        account: session.and_then(|session| session.user_name.as_deref()),
        machine: machine.as_deref(),
        resource_group: segment("resourceGroups"),
        subscription: segment("subscriptions"),
        bastion: Some(entry.bastion.as_str()),
        container: Some(entry.address.container.as_str()),
        name: Some(entry.address.name.as_str()),
        protocol: session.and_then(|session| session.protocol.as_deref()),
        verdict: Some(entry.joined.verdict.name()),
        tags: entry.tagged.is_some().then_some(&entry.tags),
        client_ip: address(session.and_then(|session| session.client_ip.as_deref())),
        target_ip: address(session.and_then(|session| session.target_ip.as_deref())),
        duration: times.length,
        size: entry.life.size(),
        started: times.start,
        event: None,
        severity: None,
    })
}

/// Returns the segment after `name` in a resource id, ignoring case.
pub(crate) fn segment_after<'a>(id: &'a str, name: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(name))?;
    segments.next().filter(|segment| !segment.is_empty())
}
