//! One recording beside one session: what speaks for the two.

use jiff::{SignedDuration, Timestamp};

use super::matching::Matching;
use super::sides::{Attended, Recorded};

/// What the start of a session weighs.
const START: i64 = 50;
/// What the end of a session weighs.
const END: i64 = 35;
/// What the same length weighs. It shows how good a match is, and never decides between two.
const DURATION: i64 = 10;
/// What it weighs that no other session is near. The same holds for it.
const ONLY: i64 = 5;

/// Lengths are the same within this, or within 2 %.
const SAME_LENGTH_WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// What speaks for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The blob is named after machine and account.
    Name,
    /// It was created when the session began.
    Start,
    /// It was last written when the session ended.
    End,
    /// It is as long as the session.
    Duration,
    /// No other session is near.
    Only,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Name, Self::Start, Self::End, Self::Duration, Self::Only];

    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Start => "start",
            Self::End => "end",
            Self::Duration => "duration",
            Self::Only => "only",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.name() == name)
    }

    /// What it adds to a score.
    pub fn weight(self) -> i64 {
        match self {
            Self::Name => 0,
            Self::Start => START,
            Self::End => END,
            Self::Duration => DURATION,
            Self::Only => ONLY,
        }
    }
}

/// Whether two moments fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Both are known, and near enough.
    Yes,
    /// One is not known, and may turn out to fit.
    Unknown,
}

/// A recording and a session that may belong together: their names fit, and no time speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// How the start fits.
    pub start: Fit,
    /// How the end fits.
    pub end: Fit,
    /// Whether the lengths are the same.
    pub same_length: bool,
}

impl Pair {
    /// What the two have to do with each other. `None` where something speaks against it.
    pub fn of(recorded: &Recorded, attended: &Attended, matching: &Matching) -> Option<Self> {
        if !recorded.is_named_after(attended) {
            return None;
        }
        let start = match attended.facts.started_at {
            Some(at) => near(recorded.created_at, at, matching.start_tolerance).then_some(Fit::Yes)?,
            None => Fit::Unknown,
        };
        let end = match (recorded.has_ended, attended.ended_at) {
            (true, Some(at)) => near(recorded.last_modified, at, matching.end_tolerance).then_some(Fit::Yes)?,
            // A recording that is written long after the session ended is another one's.
            (false, Some(at)) if recorded.last_modified.duration_since(at) > matching.end_tolerance => return None,
            _ => Fit::Unknown,
        };
        let length = recorded.last_modified.duration_since(recorded.created_at);
        let same_length = recorded.has_ended && attended.facts.duration.is_some_and(|other| same(length, other));
        Some(Self { start, end, same_length })
    }

    /// Whether nothing about it is left to be learned.
    pub fn is_known(self) -> bool {
        self.start == Fit::Yes && self.end == Fit::Yes
    }

    /// What speaks for it for certain: start and end only.
    pub fn weight(self) -> i64 {
        weight(self.start, START) + weight(self.end, END)
    }

    /// What would speak for it if all that is unknown fitted.
    pub fn possible_weight(self) -> i64 {
        START + END
    }

    /// Everything that speaks for it.
    pub fn evidence(self, is_only: bool) -> Vec<Evidence> {
        let held = [
            (true, Evidence::Name),
            (self.start == Fit::Yes, Evidence::Start),
            (self.end == Fit::Yes, Evidence::End),
            (self.same_length, Evidence::Duration),
            (is_only, Evidence::Only),
        ];
        held.into_iter().filter_map(|(holds, evidence)| holds.then_some(evidence)).collect()
    }
}

fn weight(fit: Fit, weight: i64) -> i64 {
    if fit == Fit::Yes { weight } else { 0 }
}

pub(super) fn near(one: Timestamp, other: Timestamp, tolerance: SignedDuration) -> bool {
    one.duration_since(other).abs() <= tolerance
}

fn same(one: SignedDuration, other: SignedDuration) -> bool {
    let difference = (one - other).abs();
    difference <= SAME_LENGTH_WITHIN || difference.as_millis() * 50 <= other.as_millis()
}
