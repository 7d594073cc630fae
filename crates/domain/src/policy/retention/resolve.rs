//! Evaluates the policy for an entry and merges the result with the earlier retention.

use core::net::IpAddr;

use super::clock::KnownTimes;
use super::policy::{Class, Policy, RetentionRule};
use super::resolution::{Resolution, is_given_class, resolve};
use crate::policy::join::Tolerances;
use crate::policy::matcher::{ConditionResult, Facts};
use crate::policy::times::StoredTimes;
use crate::record::catalogue::Entry;
use crate::record::join::Match;
use crate::record::retention::Retention;

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
    pub fn resolve_entry<'p>(&'p self, entry: &'p Entry) -> Option<Resolution<'p>> {
        let day = self.counted_from(entry)?.day;
        let given = entry.custody.given_class.as_deref();
        Some(facts_of_entry(entry, self.tolerances, |facts| resolve(self, facts, given, day)))
    }

    /// Returns the retention of an entry merged with its earlier one, which is shortened only if `may_shorten` is set.
    /// An undecided rule that this policy no longer has stays undecided: without it, a recording kept by it could go
    /// because a line of the configuration was lost. `None` if the times of its recording are unknown.
    pub fn extends(&self, entry: &Entry, may_shorten: bool) -> Option<Retention> {
        let mut new = self.resolve_entry(entry)?.keep();
        let created_on = StoredTimes::from_life(&entry.life)?.created_on();
        let Some(was) = &entry.custody.retention else { return Some(new) };
        if !may_shorten {
            let is_gone = |rule: &&String| !is_given_class(rule) && self.rules.iter().all(|known| known.name != **rule);
            let gone = was.unknown.iter().filter(is_gone).cloned();
            new.unknown.extend(gone);
        }
        Some(was.clone().counted_no_earlier(created_on).extended_by(new, may_shorten))
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

/// Calls `with` with the facts about a recording. Session times contradicted by storage count as unknown.
pub fn facts_of_entry<T>(entry: &Entry, tolerances: Tolerances, with: impl FnOnce(&Facts<'_>) -> T) -> T {
    let session = entry.match_state.verdict.session();
    let machine = session.and_then(crate::record::session::SessionFacts::machine_name);
    let target = session.and_then(|session| session.target_resource_id.as_deref());
    let segment = |name: &str| target.and_then(|id| segment_after(id, name));
    let address = |text: Option<&str>| text.and_then(|text| text.parse::<IpAddr>().ok());
    let times = KnownTimes::from_entry(entry, tolerances);
    with(&Facts {
        person: entry.match_state.verdict.person(),
        account: session.and_then(|session| session.user_name.as_deref()),
        machine: machine.as_deref(),
        resource_group: segment("resourceGroups"),
        subscription: segment("subscriptions"),
        bastion: Some(entry.bastion.as_str()),
        container: Some(entry.address.container.as_str()),
        name: Some(entry.address.name.as_str()),
        protocol: session.and_then(|session| session.protocol.as_deref()),
        verdict: Some(entry.match_state.verdict.name()),
        is_verdict_open: entry.match_state.verdict == Match::Pending,
        review_outcome: Some(entry.review_outcome()),
        tags: entry.tagged.is_some().then_some(&entry.tags),
        client_ip: address(session.and_then(|session| session.client_ip.as_deref())),
        target_ip: address(session.and_then(|session| session.target_ip.as_deref())),
        duration: times.length,
        size: entry.life.size(),
        started: times.start,
        event: None,
        severity: None,
        held: None,
        own_session: None,
        first_use: None,
        after_failed_logins: None,
    })
}

/// Returns the segment after `name` in a resource id, ignoring case.
pub(crate) fn segment_after<'a>(id: &'a str, name: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(name))?;
    segments.next().filter(|segment| !segment.is_empty())
}
