//! Conditions and how they are asked.

use jiff::{SignedDuration, Timestamp};

use super::facts::{Facts, Text};
use super::pattern::{Network, Pattern};
use super::range::{Clocked, Range, Weekdays};
use super::truth::Truth;
use crate::notification::{Event, Severity};

/// What must be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One fact is as wanted.
    Is(Test),
    /// All of these; of none it is true.
    All(Vec<Condition>),
    /// Any of these; of none it is false.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// What one fact must be. Of several patterns, networks or names, any one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A text fits a pattern.
    Text(Text, Vec<Pattern>),
    /// The tag of this key fits a pattern.
    Tag(String, Vec<Pattern>),
    /// The person's address is in a network.
    ClientIp(Vec<Network>),
    /// The machine's address is in a network.
    TargetIp(Vec<Network>),
    /// The recording is longer or shorter than this.
    Duration(Range<SignedDuration>),
    /// The recording has more or fewer bytes than this.
    Size(Range<u64>),
    /// It began at the first time or later, and before the second.
    Started(Range<Timestamp>),
    /// It began at this time of day.
    TimeOfDay(Clocked),
    /// It began on one of these days.
    Weekday(Weekdays),
    /// It is one of these events.
    Event(Vec<Event>),
    /// It is as urgent as this.
    Severity(Vec<Severity>),
}

impl Condition {
    /// Whether it is so, as far as the facts are known.
    pub fn asked(&self, facts: &Facts<'_>) -> Truth {
        match self {
            Self::Is(test) => test.asked(facts),
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.asked(facts))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.asked(facts))),
            Self::Not(part) => !part.asked(facts),
        }
    }

    /// Whether it asks for tags.
    pub fn asks_tags(&self) -> bool {
        match self {
            Self::Is(test) => matches!(test, Test::Tag(..)),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_tags),
            Self::Not(part) => part.asks_tags(),
        }
    }
}

impl Test {
    /// Whether the fact is as wanted.
    pub fn asked(&self, facts: &Facts<'_>) -> Truth {
        Truth::of(match self {
            Self::Text(Text::Machine, patterns) => {
                return Pattern::any_fits_machine(patterns, facts.machine, facts.target_ip);
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
            Self::Event(events) => facts.event.map(|event| events.contains(&event)),
            Self::Severity(severities) => facts.severity.map(|severity| severities.contains(&severity)),
        })
    }

    /// The name of the fact in the configuration.
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
        }
    }
}
