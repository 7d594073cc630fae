//! Conditions and their evaluation.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::facts::{Facts, TextFact};
use super::pattern::{Network, Pattern};
use super::range::{Clocked, Range, Weekdays};
use super::truth::ConditionResult;
use crate::record::notification::{Event, Severity};

/// Condition on facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A test of one fact.
    Is(Test),
    /// All of these; true if empty.
    All(Vec<Condition>),
    /// Any of these; false if empty.
    Any(Vec<Condition>),
    /// Negation.
    Not(Box<Condition>),
}

/// Test of one fact. A list of patterns, networks or names passes if any element does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A text matches a pattern.
    Text(TextFact, Vec<Pattern>),
    /// The tag with this key matches a pattern.
    Tag(String, Vec<Pattern>),
    /// The client address is in a network.
    ClientIp(Vec<Network>),
    /// The address of the machine is in a network.
    TargetIp(Vec<Network>),
    /// The duration of the recording lies between the bounds.
    Duration(Range<SignedDuration>),
    /// The size of the recording in bytes lies between the bounds.
    Size(Range<u64>),
    /// The start lies at or after the lower and before the upper bound.
    Started(Range<Timestamp>),
    /// The start lies within a time of day.
    TimeOfDay(Clocked),
    /// The start lies on one of these days of the week.
    Weekday(Weekdays),
    /// The event is one of these.
    Event(Vec<Event>),
    /// The severity is one of these.
    Severity(Vec<Severity>),
    /// A legal hold covers the recording, or none does.
    Held(bool),
    /// The viewer is the person of the session, or is not.
    OwnSession(bool),
    /// The session is the first use of the account on the machine by the person, or is not.
    FirstUse(bool),
    /// Logins to the machine failed just before the session, or none did.
    AfterFailedLogins(bool),
}

impl Condition {
    /// Evaluates the condition. Returns `Unknown` if the known facts do not decide it.
    pub fn asked(&self, facts: &Facts<'_>) -> ConditionResult {
        match self {
            Self::Is(test) => test.asked(facts),
            Self::All(parts) => ConditionResult::all(parts.iter().map(|part| part.asked(facts))),
            Self::Any(parts) => ConditionResult::any(parts.iter().map(|part| part.asked(facts))),
            Self::Not(part) => !part.asked(facts),
        }
    }

    /// Returns the names of the tested facts that are unknown.
    pub fn unknown_facts(&self, facts: &Facts<'_>) -> BTreeSet<String> {
        match self {
            Self::Is(test) => {
                let is_unknown = test.asked(facts) == ConditionResult::Unknown;
                is_unknown.then(|| test.fact()).into_iter().collect()
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(|part| part.unknown_facts(facts)).collect(),
            Self::Not(part) => part.unknown_facts(facts),
        }
    }

    /// True if the condition depends on tags.
    pub fn asks_tags(&self) -> bool {
        self.has_test(|test| matches!(test, Test::Tag(..)))
    }

    /// True if any test of the condition is of this kind.
    pub(crate) fn has_test(&self, is_of_kind: fn(&Test) -> bool) -> bool {
        match self {
            Self::Is(test) => is_of_kind(test),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.has_test(is_of_kind)),
            Self::Not(part) => part.has_test(is_of_kind),
        }
    }
}

impl Test {
    /// Evaluates the test. Returns `Unknown` if the fact is unknown.
    pub fn asked(&self, facts: &Facts<'_>) -> ConditionResult {
        ConditionResult::from_test(match self {
            Self::Text(TextFact::Machine, patterns) => {
                return Pattern::any_fits_machine(patterns, facts.machine, facts.target_ip);
            }
            Self::Text(TextFact::Match, patterns) if facts.is_verdict_open => {
                // What is not matched yet may still become anything else.
                facts.verdict.map(|name| Pattern::any_fits(patterns, name)).filter(|fits| *fits)
            }
            Self::Text(which, patterns) => facts.text(*which).map(|text| Pattern::any_fits(patterns, text)),
            Self::Tag(key, patterns) => {
                facts.tags.map(|tags| tags.0.get(key).is_some_and(|value| Pattern::any_fits(patterns, value)))
            }
            Self::ClientIp(networks) => facts.client_ip.map(|address| Network::any_holds(networks, address)),
            Self::TargetIp(networks) => facts.target_ip.map(|address| Network::any_holds(networks, address)),
            Self::Duration(range) => facts.duration.map(|duration| range.holds(&duration)),
            Self::Size(range) => facts.size.map(|size| range.holds(&size)),
            Self::Started(range) => facts.started.map(|at| range.holds_from(&at)),
            Self::TimeOfDay(clocked) => facts.started.map(|at| clocked.holds(at)),
            Self::Weekday(weekdays) => facts.started.map(|at| weekdays.holds(at)),
            // The end of a trouble counts as the trouble, so that it takes the same routes.
            Self::Event(events) => facts.event.map(|event| {
                events.contains(&event) || event.resolves().is_some_and(|trouble| events.contains(&trouble))
            }),
            Self::Severity(severities) => facts.severity.map(|severity| severities.contains(&severity)),
            Self::Held(wanted) => facts.held.map(|held| held == *wanted),
            Self::OwnSession(wanted) => facts.own_session.map(|is_own| is_own == *wanted),
            Self::FirstUse(wanted) => facts.first_use.map(|is_first| is_first == *wanted),
            Self::AfterFailedLogins(wanted) => facts.after_failed_logins.map(|is_after| is_after == *wanted),
        })
    }

    /// Returns the name of the fact in the configuration.
    pub fn fact(&self) -> String {
        match self {
            Self::Text(which, _) => which.name().to_owned(),
            Self::Tag(key, _) => format!("tag.{key}"),
            Self::ClientIp(_) => "client_ip".to_owned(),
            Self::TargetIp(_) => "target_ip".to_owned(),
            Self::Duration(_) => "duration".to_owned(),
            Self::Size(_) => "size".to_owned(),
            Self::Started(_) => "started".to_owned(),
            Self::TimeOfDay(_) => "time_of_day".to_owned(),
            Self::Weekday(_) => "weekday".to_owned(),
            Self::Event(_) => "event".to_owned(),
            Self::Severity(_) => "severity".to_owned(),
            Self::Held(_) => "held".to_owned(),
            Self::OwnSession(_) => "own_session".to_owned(),
            Self::FirstUse(_) => "first_use".to_owned(),
            Self::AfterFailedLogins(_) => "after_failed_logins".to_owned(),
        }
    }
}
