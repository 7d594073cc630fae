//! What a policy says of a recording.

use core::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::KnownTimes;
use super::policy::{Class, Policy, PolicyDigest, Rule, Then};
use super::resolution::{Resolution, resolve};
use crate::catalogue::{Entry, StoredTimes};
use crate::join::Tolerances;
use crate::matcher::{Facts, Truth};

/// How long a recording stays, what happens then, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The class: of all that it has, the one that retains it longest.
    pub class: String,
    /// The rules that gave its classes, in the order of the policy; none where it has the default or a given class.
    pub rules: Vec<String>,
    /// The rules of which nobody can say whether they mean it. While there is one, it stays.
    pub unknown: Vec<String>,
    /// The day from which on the periods were counted.
    pub counted_from: Date,
    /// The last day on which nobody may delete it.
    pub retain_until: Date,
    /// The last day on which it stays. `None` where it stays for ever.
    pub delete_after: Option<Date>,
    /// What happens then.
    pub then: Then,
    /// The policy that said so.
    pub policy: PolicyDigest,
}

/// What a rule answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Whether it means the recording.
    pub answer: Truth,
    /// Whether its answer counts: where a person has given a class, only rules that are a minimum do.
    pub counts: bool,
}

impl Policy {
    /// Asks every rule about a recording. `given` is the class that a person gave it.
    pub fn ask<'p>(&'p self, facts: &Facts<'_>, given: Option<&str>) -> impl Iterator<Item = Asked<'p>> {
        let is_given = given.is_some();
        self.rules.iter().map(move |rule| Asked {
            rule,
            answer: rule.when.asked(facts),
            counts: rule.minimum || !is_given,
        })
    }

    /// What it says of an entry today. `None` while the times of its recording are not known.
    pub fn says_of<'p>(&'p self, entry: &'p Entry) -> Option<Resolution<'p>> {
        let day = self.counted_from(entry)?.day;
        let given = entry.custody.given_class.as_deref();
        Some(facts_of_entry(entry, self.tolerances, |facts| resolve(self, facts, given, day)))
    }

    /// How long an entry stays once this has been asked: what was said before is shortened only where that is wanted.
    /// `None` while the times of its recording are not known.
    pub fn extends(&self, entry: &Entry, may_shorten: bool) -> Option<Retention> {
        let new = self.says_of(entry)?.keep();
        let created_on = StoredTimes::of(&entry.life)?.created_on();
        Some(match &entry.custody.retention {
            Some(was) => was.clone().counted_no_earlier(created_on).extended_by(new, may_shorten),
            None => new,
        })
    }

    /// Whether a rule asks for tags, which others may write without a word.
    pub fn asks_tags(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.asks_tags())
    }

    /// The class of this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }
}

impl Retention {
    /// Whether a recording stays at least as long by this as by another, and as carefully.
    pub fn covers(&self, other: &Self) -> bool {
        let stays_until = |of: &Self| of.delete_after.unwrap_or(Date::MAX);
        self.retain_until >= other.retain_until && stays_until(self) >= stays_until(other) && self.then >= other.then
    }

    /// Whether a recording goes in the same way by both: a leave that was given under the one counts under the other.
    pub fn ends_like(&self, other: &Self) -> bool {
        (&self.class, self.delete_after, self.then) == (&other.class, other.delete_after, other.then)
    }

    /// What holds after a new resolution: nothing that was said before is shortened by it, unless somebody wants that.
    #[must_use]
    pub fn extended_by(&self, new: Self, may_shorten: bool) -> Self {
        if may_shorten || new.covers(self) {
            return new;
        }
        let unknown = new.unknown.clone();
        if self.covers(&new) {
            return Self { unknown, ..self.clone() };
        }
        // Each is the more careful one in something.
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

    /// The first moment at which it may go. `None` where it stays.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let day = self.delete_after?.tomorrow().ok()?;
        TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()
    }
}

/// Calls `with` with what the catalogue knows of a recording. Times of its session that storage contradicts are not known.
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

/// The segment of a resource id that follows this one.
pub(crate) fn segment_after<'a>(id: &'a str, name: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(name))?;
    segments.next().filter(|segment| !segment.is_empty())
}
