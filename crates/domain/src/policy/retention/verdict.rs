//! Decides if a recording may be deleted now.

use jiff::Timestamp;
use strum::IntoStaticStr;

use super::open_session::may_go_on_until;
use crate::named;
use crate::record::catalogue::Entry;
use crate::record::retention::{Retention, Then};

/// Verdict on a recording at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RetentionVerdict {
    /// The recording stays.
    Keep,
    /// The recording stays because of a legal hold.
    Held,
    /// The recording stays because its retention cannot be decided.
    Unknown,
    /// The recording may be deleted.
    Due,
}

named!(RetentionVerdict: name);

impl RetentionVerdict {
    /// Returns the verdict on an entry from its stored retention and holds. A recording whose session may still go on stays.
    pub fn from_entry(entry: &Entry, now: Timestamp) -> Self {
        let Some(retention) = &entry.custody.retention else { return Self::Keep };
        if entry.custody.is_held() {
            return Self::Held;
        }
        match retention.verdict(now) {
            RetentionVerdict::Due if may_go_on_until(entry).is_some_and(|until| now < until) => Self::Keep,
            verdict => verdict,
        }
    }
}

impl Retention {
    /// Returns the verdict from the retention alone, ignoring holds.
    pub fn verdict(&self, now: Timestamp) -> RetentionVerdict {
        let is_over = self.then != Then::Keep && self.ends_at().is_some_and(|at| at <= now);
        match (is_over, self.unknown.is_empty()) {
            (_, false) => RetentionVerdict::Unknown,
            (true, true) => RetentionVerdict::Due,
            (false, true) => RetentionVerdict::Keep,
        }
    }
}
