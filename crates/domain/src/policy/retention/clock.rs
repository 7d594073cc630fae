//! Determines the day from which retention periods count, and the times known of a recording.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Unit};

use super::policy::{Policy, StartsAt};
use crate::policy::join::Tolerances;
use crate::policy::times::{BoundedTime, StoredTimes, utc_day};
use crate::record::catalogue::Entry;
use crate::record::retention::Retention;

/// Day from which the periods of a recording count, and its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedFrom {
    /// UTC day, never before the day of the creation.
    pub day: Date,
    /// Source of the day.
    pub by: CountedBy,
}

/// Time from which the periods of a recording count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// Creation of the recording.
    Creation,
    /// End of the session, which storage does not contradict.
    SessionEnd,
    /// Last write of the recording, because no end of a session is known.
    LastWrite,
    /// Last write of the recording, because storage contradicts the end of the session.
    LastWriteDespiteEnd,
}

impl CountedBy {
    /// Description for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Creation => "the UTC day on which the recording was created",
            Self::SessionEnd => "the UTC day on which the session ended, and not before the recording was created",
            Self::LastWrite => "the UTC day of the last write; the end of the session is not known",
            Self::LastWriteDespiteEnd => {
                "the UTC day of the last write; the end of the session in the audit log contradicts storage"
            }
        }
    }
}

impl Policy {
    /// Returns the day from which the periods of a recording count. `None` until the blob has been read.
    pub fn counted_from(&self, entry: &Entry) -> Option<CountedFrom> {
        let stored = StoredTimes::from_life(&entry.life)?;
        let (at, by) = match self.starts_at {
            StartsAt::Created => (stored.created_at, CountedBy::Creation),
            StartsAt::SessionEnd => match entry.session_end(self.tolerances) {
                BoundedTime::Trusted(at) => (at.max(stored.created_at), CountedBy::SessionEnd),
                BoundedTime::Unknown | BoundedTime::Unconfirmed(_) => (stored.last_modified, CountedBy::LastWrite),
                BoundedTime::Contradicted(_) => (stored.last_modified, CountedBy::LastWriteDespiteEnd),
            },
        };
        Some(CountedFrom { day: utc_day(at), by })
    }
}

impl Retention {
    /// Shifts periods counted from an earlier day to count from `day`. Periods in days and in months both keep their
    /// length.
    #[must_use]
    pub(super) fn counted_no_earlier(self, day: Date) -> Self {
        if self.counted_from >= day {
            return self;
        }
        let moved = |date: Date| moved(date, self.counted_from, day);
        let (retain_until, delete_after) = (moved(self.retain_until), self.delete_after.map(moved));
        Self { counted_from: day, retain_until, delete_after, ..self }
    }
}

/// Returns the date as far from `to` as `date` is from `from`: the later of the results in days and in months.
fn moved(date: Date, from: Date, to: Date) -> Date {
    let by_days = from.until(date).and_then(|span| to.checked_add(span));
    let by_months = from.until((Unit::Month, date)).and_then(|span| to.checked_add(span));
    by_days.unwrap_or(Date::MAX).max(by_months.unwrap_or(Date::MAX))
}

/// Start and length of a recording, if known.
pub(super) struct KnownTimes {
    pub(super) start: Option<Timestamp>,
    pub(super) length: Option<SignedDuration>,
}

impl KnownTimes {
    /// Returns the session times confirmed by storage. Without a session, the creation and last write of a recording
    /// that may have been uploaded afterwards are no times of its session, unless its bastion writes live.
    pub(super) fn from_entry(entry: &Entry, tolerances: Tolerances) -> Self {
        let Some(stored) = StoredTimes::from_life(&entry.life) else {
            return Self { start: None, length: None };
        };
        match entry.bounded_session(tolerances) {
            Some(session) => {
                let start = match session.start {
                    BoundedTime::Trusted(at) => Some(at),
                    BoundedTime::Contradicted(_) | BoundedTime::Unconfirmed(_) => None,
                    BoundedTime::Unknown => (!stored.is_written_at_once()).then_some(stored.created_at),
                };
                Self { start, length: session.length }
            }
            None => {
                let is_live = entry.match_state.is_written_live && !stored.is_written_at_once();
                let start = (is_live || !stored.may_be_uploaded()).then_some(stored.created_at);
                Self { start, length: start.map(|from| stored.last_modified.duration_since(from)) }
            }
        }
    }
}
