//! Hours of an account whose logs of accesses were read, in runs.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest pause between two logs of a run. An hour without a request has no log, but every day has some, because the
/// archivist itself reads each day.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Maximum number of runs. The oldest ones are dropped, so that their time is unknown.
const RUNS_KEPT: usize = 64;

/// Hours of an account whose logs of accesses were read. The fields are the newest run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoggedHours {
    first: Timestamp,
    last: Timestamp,
    /// Earlier runs, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    before: Vec<Run>,
}

/// Ends of the first and the last hour of logs without a longer [pause](PAUSE) between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    first: Timestamp,
    last: Timestamp,
}

/// Time for which no log of reads was read, so that readers are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadTime {
    /// Begin. `None` if it is not known, as of a life whose begin is unknown.
    pub from: Option<Timestamp>,
    /// End.
    pub to: Timestamp,
}

impl LoggedHours {
    /// Starts with the log of the hour that ends at `at`.
    pub(super) fn from_time(at: Timestamp) -> Self {
        Self { first: at, last: at, before: Vec::new() }
    }

    /// End of the last hour.
    pub(super) fn last(&self) -> Timestamp {
        self.last
    }

    /// Adds the log of the hour that ends at `at`, in any order.
    pub(super) fn note(&mut self, at: Timestamp) {
        let mut runs = self.runs();
        runs.push(Run { first: at, last: at });
        runs.sort_unstable();
        let mut joined: Vec<Run> = Vec::new();
        for run in runs {
            match joined.last_mut().filter(|before| run.first.duration_since(before.last) <= PAUSE) {
                Some(before) => before.last = before.last.max(run.last),
                None => joined.push(run),
            }
        }
        if let Some(Run { first, last }) = joined.pop() {
            joined.drain(..(joined.len() + 1).saturating_sub(RUNS_KEPT));
            *self = Self { first, last, before: joined };
        }
    }

    /// Returns true if one run has hours from `from` or earlier to `to` or later.
    pub(crate) fn covers(&self, from: Timestamp, to: Timestamp) -> bool {
        self.runs().into_iter().any(|run| run.first <= from && run.last >= to)
    }

    /// Returns the times within a span that no run covers. `from` is `None` if the begin of the span is not known. The
    /// newest hour is not covered, because its log may still grow.
    pub(crate) fn unread(&self, from: Option<Timestamp>, to: Timestamp) -> Vec<UnreadTime> {
        let (mut unread, mut at) = (Vec::new(), from);
        let before = |at: Timestamp| at.saturating_sub(HOUR).unwrap_or(at);
        for run in self.runs() {
            let (begins, is_newest) = (before(run.first), run.last == self.last);
            let ends = if is_newest { before(run.last) } else { run.last };
            if begins >= to || begins == ends {
                break;
            }
            if at.is_none_or(|at| at < begins) {
                unread.push(UnreadTime { from: at, to: begins });
            }
            at = at.max(Some(ends));
        }
        if at.is_none_or(|at| at < to) {
            unread.push(UnreadTime { from: at, to });
        }
        unread
    }

    /// Returns all runs, oldest first.
    fn runs(&self) -> Vec<Run> {
        let newest = Run { first: self.first, last: self.last };
        self.before.iter().copied().chain([newest]).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    fn logged(hours: &[i64]) -> LoggedHours {
        let (first, rest) = hours.split_first().unwrap();
        let mut logged = LoggedHours::from_time(at(*first));
        rest.iter().for_each(|hour| logged.note(at(*hour)));
        logged
    }

    fn unread(from: Option<i64>, to: i64) -> UnreadTime {
        UnreadTime { from: from.map(at), to: at(to) }
    }

    #[test]
    fn a_pause_of_more_than_a_day_is_not_covered() {
        let logged = logged(&[10, 11, 35, 60, 61]);
        assert!(logged.covers(at(10), at(35)) && logged.covers(at(60), at(61)));
        assert!(!logged.covers(at(35), at(60)) && !logged.covers(at(10), at(61)));
        assert_eq!(
            logged.unread(Some(at(5)), at(70)),
            [unread(Some(5), 9), unread(Some(35), 59), unread(Some(60), 70)]
        );
        assert_eq!(logged.unread(Some(at(10)), at(35)), []);
        assert_eq!(logged.unread(None, at(20)), [unread(None, 9)]);
        assert_eq!(logged.unread(Some(at(40)), at(50)), [unread(Some(40), 50)]);
        assert_eq!(logged.unread(Some(at(0)), at(5)), [unread(Some(0), 5)]);
        assert_eq!(self::logged(&[10]).unread(Some(at(9)), at(10)), [unread(Some(9), 10)], "the log may still grow");
    }

    #[test]
    fn many_runs_leave_the_newest_ones() {
        let hours: Vec<i64> = (0..200).map(|run| run * 100).collect();
        let logged = logged(&hours);
        assert_eq!(logged.runs().len(), RUNS_KEPT);
        assert!(logged.covers(at(19_900), at(19_900)) && !logged.covers(at(0), at(0)));
    }

    #[test]
    fn the_form_of_one_run_is_read_and_written_as_before() {
        let text = r#"{"first":"1970-01-01T10:00:00Z","last":"1970-01-01T11:00:00Z"}"#;
        let read: LoggedHours = serde_json::from_str(text).unwrap();
        assert_eq!((&read, serde_json::to_string(&read).unwrap().as_str()), (&logged(&[10, 11]), text));
    }

    proptest! {
        #[test]
        fn hours_in_any_order_and_number_give_the_same_runs(
            hours in proptest::collection::vec(0_i64..2_000, 1..40),
            order in any::<proptest::sample::Index>(),
        ) {
            let mut other: Vec<i64> = hours.iter().chain(&hours).copied().collect();
            other.rotate_left(order.index(hours.len()));
            prop_assert_eq!(logged(&hours), logged(&other));
            let mut sorted = hours.clone();
            sorted.sort_unstable();
            for pair in sorted.windows(2) {
                prop_assert_eq!(logged(&hours).covers(at(pair[0]), at(pair[1])), pair[1] - pair[0] <= 24);
            }
        }
    }
}
