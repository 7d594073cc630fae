//! Rules that say which recordings a person must review, and until when.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::digest;
use crate::policy::join::Tolerances;
use crate::policy::matcher::{Condition, ConditionResult, Facts};
use crate::policy::retention::{Period, facts_of_entry};
use crate::record::catalogue::Entry;
use crate::record::recording_id::RecordingId;

/// Number of equal parts of the recordings that a sample is drawn from.
const PARTS: u64 = 10_000;

/// Review rules, in the order of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewPolicy {
    /// Largest differences between session times and storage times for a session time to count.
    pub tolerances: Tolerances,
    /// Rules; the first that asks for a recording counts.
    pub rules: Vec<ReviewRule>,
}

/// Rule that asks for reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRule {
    /// Name for people; also selects the sample.
    pub name: String,
    /// Condition on the recording.
    pub when: Condition,
    /// Share of the matching recordings, in per cent: 0 to 100.
    pub sample: u8,
    /// Time for the review, from the time at which the recording became final.
    pub due_within: DueWithin,
}

/// Time for a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWithin {
    /// Calendar days, months or years: until the same time of day in UTC.
    Days(Period),
    /// Exact duration.
    Hours(SignedDuration),
}

/// Request of a rule for a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRequest<'p> {
    /// Rule that asks.
    pub rule: &'p ReviewRule,
    /// Time by which the review is due.
    pub due_at: Timestamp,
    /// Unknown facts that leave the condition open. Empty if the condition holds.
    pub unknown_facts: BTreeSet<String>,
}

impl ReviewPolicy {
    /// Returns the request of the first rule that asks for a final recording. `None` if no rule does.
    ///
    /// A rule asks if its condition holds or is unknown, and the recording is in its sample. An unknown condition
    /// asks, so that no recording is dropped silently.
    pub fn asks(&self, entry: &Entry, facts: &Facts<'_>) -> Option<ReviewRequest<'_>> {
        let final_at = entry.final_at?;
        self.rules.iter().find_map(|rule| {
            let answer = rule.when.asked(facts);
            (answer != ConditionResult::False && rule.samples(entry.id)).then(|| ReviewRequest {
                rule,
                due_at: rule.due_within.after(final_at),
                unknown_facts: if answer == ConditionResult::Unknown {
                    rule.when.unknown_facts(facts)
                } else {
                    BTreeSet::new()
                },
            })
        })
    }

    /// Like [`asks`](Self::asks), with the facts of the entry and its holds.
    pub fn asks_of(&self, entry: &Entry) -> Option<ReviewRequest<'_>> {
        facts_of_entry(entry, self.tolerances, |facts| {
            self.asks(entry, &Facts { held: Some(entry.custody.is_held()), ..*facts })
        })
    }
}

impl ReviewRule {
    /// Returns true if the recording is in the sample. Depends on the name of the rule and the id only, so every
    /// process draws the same sample, and a larger share contains every smaller one.
    pub fn samples(&self, id: RecordingId) -> bool {
        let part = digest::number(&[b"review", self.name.as_bytes(), id.to_string().as_bytes()], 64) % PARTS;
        part < u64::from(self.sample) * (PARTS / 100)
    }
}

impl DueWithin {
    /// Returns the end of the time from `from`, capped at the last supported time.
    pub fn after(self, from: Timestamp) -> Timestamp {
        match self {
            Self::Hours(duration) => from.saturating_add(duration).unwrap_or(Timestamp::MAX),
            Self::Days(period) => {
                let time = TimeZone::UTC.to_datetime(from);
                let until = period.after(time.date()).to_datetime(time.time());
                TimeZone::UTC.to_timestamp(until).unwrap_or(Timestamp::MAX)
            }
        }
    }
}
