//! Proves relations between two conditions without evaluating them.

use std::collections::BTreeMap;

use super::condition::{Condition, Test};
use super::pattern::Pattern;
use super::range::Range;

impl Condition {
    /// True if `other` provably holds whenever this condition holds; `false` proves nothing.
    pub fn implies(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        match (self, other) {
            (Self::Any(parts), _) => parts.iter().all(|part| part.implies(other)),
            (_, Self::All(parts)) => parts.iter().all(|part| self.implies(part)),
            (_, Self::Any(parts)) => parts.iter().any(|part| self.implies(part)) || self.has_part_that_implies(other),
            (Self::All(_), _) => self.has_part_that_implies(other),
            (Self::Is(one), Self::Is(other)) => one.implies(other),
            (Self::Is(_) | Self::Not(_), _) => false,
        }
    }

    fn has_part_that_implies(&self, other: &Self) -> bool {
        matches!(self, Self::All(parts) if parts.iter().any(|part| part.implies(other)))
    }

    /// True if, provably, `other` is true whenever this condition is true, and true or unknown whenever this one is
    /// unknown; `false` proves nothing. Every recording that this condition decides or leaves open is then decided or
    /// left open by `other`.
    pub fn is_no_more_open_than(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        // With one test per fact and the same facts on both sides, both conditions know or lack the same facts.
        let (Some(lines), Some(others)) = (self.lines(), other.lines()) else {
            return false;
        };
        lines.len() == others.len()
            && lines.iter().all(|(fact, line)| others.get(fact).is_some_and(|other| line.implies(other)))
    }

    /// Returns the tests that must all hold, each of a different fact. `None` for any other shape.
    fn lines(&self) -> Option<BTreeMap<String, &Test>> {
        let mut lines = BTreeMap::new();
        let parts = match self {
            Self::All(parts) => parts.as_slice(),
            single => std::slice::from_ref(single),
        };
        for part in parts {
            let Self::Is(test) = part else { return None };
            if lines.insert(test.fact(), test).is_some() {
                return None;
            }
        }
        Some(lines)
    }
}

impl Test {
    /// True if `other` passes for every fact for which this test passes.
    fn implies(&self, other: &Self) -> bool {
        let texts = |one: &[Pattern], other: &[Pattern]| one.iter().all(|it| other.iter().any(|wide| wide.covers(it)));
        match (self, other) {
            (Self::Text(one, patterns), Self::Text(other, wider)) => one == other && texts(patterns, wider),
            (Self::Tag(one, patterns), Self::Tag(other, wider)) => one == other && texts(patterns, wider),
            (Self::ClientIp(networks), Self::ClientIp(wider)) | (Self::TargetIp(networks), Self::TargetIp(wider)) => {
                networks.iter().all(|network| wider.iter().any(|wide| wide.covers(*network)))
            }
            (Self::Duration(one), Self::Duration(other)) => one.lies_within(other),
            (Self::Size(one), Self::Size(other)) => one.lies_within(other),
            (Self::Started(one), Self::Started(other)) => one.lies_within(other),
            (Self::Weekday(one), Self::Weekday(other)) => {
                one.zone == other.zone && one.days.iter().all(|day| other.days.contains(day))
            }
            (Self::Event(one), Self::Event(other)) => one.iter().all(|event| other.contains(event)),
            (Self::Severity(one), Self::Severity(other)) => one.iter().all(|severity| other.contains(severity)),
            (one, other) => one == other,
        }
    }
}

impl<T: PartialOrd> Range<T> {
    /// True if every value in this range is in `other`.
    fn lies_within(&self, other: &Self) -> bool {
        let is_over = other.over.as_ref().is_none_or(|bound| self.over.as_ref().is_some_and(|over| over >= bound));
        is_over && other.under.as_ref().is_none_or(|bound| self.under.as_ref().is_some_and(|under| under <= bound))
    }
}
