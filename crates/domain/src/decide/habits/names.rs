//! Counts recordings by match state.

use std::collections::BTreeMap;

use super::share::Share;
use crate::record::catalogue::Entry;
use crate::record::join::{Match, UndecidedReason};

/// Number of recordings by match state: a sum over recordings in any order and division.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameCounts {
    /// Recordings with a certain session, by the log or by a person's confirmation.
    pub matched: u32,
    /// Recordings that fit no session of the log.
    pub unmatched: u32,
    /// Recordings that further records may still decide, by reason.
    pub pending: BTreeMap<UndecidedReason, u32>,
    /// Recordings that cannot be decided, by reason.
    pub undecided: BTreeMap<UndecidedReason, u32>,
}

impl NameCounts {
    /// Counts a recording.
    pub fn add(&mut self, entry: &Entry) {
        let reason = || why_open(entry);
        let count = match &entry.match_state.verdict {
            Match::Matched(_) => &mut self.matched,
            Match::Unmatched { .. } => &mut self.unmatched,
            Match::Pending => self.pending.entry(reason()).or_default(),
            Match::Ambiguous { .. } => self.undecided.entry(reason()).or_default(),
        };
        *count = count.saturating_add(1);
    }

    /// Adds the counts of other recordings.
    pub fn merge(&mut self, other: &Self) {
        self.matched = self.matched.saturating_add(other.matched);
        self.unmatched = self.unmatched.saturating_add(other.unmatched);
        for (all, more) in [(&mut self.pending, &other.pending), (&mut self.undecided, &other.undecided)] {
            for (reason, count) in more {
                let sum = all.entry(*reason).or_default();
                *sum = sum.saturating_add(*count);
            }
        }
    }

    /// Returns the share of undecidable recordings among all that are not pending.
    pub fn undecided_share(&self) -> Share {
        let count = total(&self.undecided);
        Share { count, of: count.saturating_add(self.matched).saturating_add(self.unmatched) }
    }

    /// Returns the number of recordings that further records may still decide.
    pub fn pending_total(&self) -> u32 {
        total(&self.pending)
    }
}

/// Returns the reason why no session is certain, or [`UndecidedReason::NotJudged`] for a verdict of an earlier release.
pub fn why_open(entry: &Entry) -> UndecidedReason {
    entry.match_state.reasoning(entry.state).reason.unwrap_or(UndecidedReason::NotJudged)
}

fn total(counts: &BTreeMap<UndecidedReason, u32>) -> u32 {
    counts.values().fold(0, |sum, count| sum.saturating_add(*count))
}
