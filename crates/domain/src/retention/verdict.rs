//! What may be done with a recording today.

use jiff::Timestamp;

use super::policy::Then;
use super::resolve::Retention;
use crate::catalogue::Entry;

/// What may be done with a recording at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It stays.
    Keep,
    /// It stays because of a legal hold.
    Held,
    /// It stays because nobody can say how long it must.
    Unknown,
    /// It may go.
    Due,
}

impl Verdict {
    /// The name in shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Held => "held",
            Self::Unknown => "unknown",
            Self::Due => "due",
        }
    }

    /// What may be done with this recording now, by what its entry knows.
    pub fn of(entry: &Entry, now: Timestamp) -> Self {
        let Some(retention) = &entry.custody.retention else { return Self::Keep };
        if entry.custody.is_held() {
            return Self::Held;
        }
        retention.verdict(now)
    }
}

impl Retention {
    /// What may be done by this alone at a time; of holds it knows nothing.
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        let is_over = self.then != Then::Keep && self.ends_at().is_some_and(|at| at <= now);
        match (is_over, self.unknown.is_empty()) {
            (_, false) => Verdict::Unknown,
            (true, true) => Verdict::Due,
            (false, true) => Verdict::Keep,
        }
    }
}
