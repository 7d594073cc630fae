//! Rules that say which recordings a person must review, and until when.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::digest;
use crate::policy::join::{MatchingRules, Tolerances};
use crate::policy::matcher::{Condition, ConditionResult, Facts, Test};
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
    /// Times within which earlier sessions count.
    pub prior_times: PriorSessionTimes,
    /// Rules; the first that asks for a recording counts.
    pub rules: Vec<ReviewRule>,
}

/// Times within which sessions before the one of a recording count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriorSessionTimes {
    /// Time before the start of a session within which a failed login counts.
    pub failed_within: SignedDuration,
    /// Maximum delay of audit records. Absence is certain only if the log was read this long after the start.
    pub log_delay: SignedDuration,
}

/// Times of [`MatchingRules::default`].
impl Default for PriorSessionTimes {
    fn default() -> Self {
        let MatchingRules { failed_logins, confirm_after, .. } = MatchingRules::default();
        Self { failed_within: failed_logins.within, log_delay: confirm_after }
    }
}

/// Facts about the sessions before the one of a recording. `None` means unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriorSessionFacts {
    /// See [`Facts::first_use`].
    pub first_use: Option<bool>,
    /// See [`Facts::after_failed_logins`].
    pub after_failed_logins: Option<bool>,
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

    /// Like [`asks`](Self::asks), with the facts of the entry, its holds and earlier sessions.
    pub fn asks_of(&self, entry: &Entry, prior: PriorSessionFacts) -> Option<ReviewRequest<'_>> {
        let PriorSessionFacts { first_use, after_failed_logins } = prior;
        facts_of_entry(entry, self.tolerances, |facts| {
            self.asks(entry, &Facts { held: Some(entry.custody.is_held()), first_use, after_failed_logins, ..*facts })
        })
    }

    /// True if a rule tests the first use of an account.
    pub fn asks_first_use(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.has_test(|test| matches!(test, Test::FirstUse(_))))
    }

    /// True if a rule tests earlier failed logins.
    pub fn asks_failed_logins(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.has_test(|test| matches!(test, Test::AfterFailedLogins(_))))
    }
}

impl ReviewRequest<'_> {
    /// True if facts about earlier sessions leave the condition open.
    pub fn is_open_by_prior_sessions(&self) -> bool {
        let is_prior = |test: Test| self.unknown_facts.contains(&test.fact());
        is_prior(Test::FirstUse(true)) || is_prior(Test::AfterFailedLogins(true))
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
