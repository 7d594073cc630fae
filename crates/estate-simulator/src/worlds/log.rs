//! Turns a connection into the records of an audit log.

use random::SplitMix;

use super::clock::SkewedClock;
use super::plan::{HOUR, MINUTE, SECOND, WorldPlan};
use super::schedule::Connection;
use super::spans::EqualSpans;
use super::world::{Millis, Stamp};

/// The audit log of one bastion.
#[derive(Debug)]
pub(crate) struct Log {
    clock: SkewedClock,
    holes: EqualSpans,
    sessions_lost: u64,
    begins_lost: u64,
    ends_lost: u64,
    late: u64,
}

/// Logged times of a session.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Logged {
    pub begin: Option<Stamp>,
    pub end: Option<Stamp>,
}

/// Percent of end records that do not carry the begin as well.
const ENDS_WITHOUT_BEGIN: u64 = 25;

impl Log {
    pub(crate) fn new(plan: &WorldPlan, random: &mut SplitMix) -> Self {
        let losses = &plan.losses;
        Self {
            clock: SkewedClock::new(plan.log_clock, plan.span(), random),
            holes: EqualSpans::new(losses.log_holes, 2 * HOUR, plan.span(), random),
            sessions_lost: losses.sessions,
            begins_lost: losses.begins,
            ends_lost: losses.ends,
            late: plan.late_records,
        }
    }

    /// Returns the logged times of a session; both are `None` if all its records are lost.
    pub(crate) fn session(&self, connection: &Connection, random: &mut SplitMix) -> Logged {
        let is_lost = random.happens(self.sessions_lost);
        let begin = self.record(connection.begin, is_lost || random.happens(self.begins_lost), random);
        let end = self.record(connection.end, is_lost || random.happens(self.ends_lost), random);
        let carried = end.filter(|_| !random.happens(ENDS_WITHOUT_BEGIN));
        let begin_of_end = carried.map(|end| Stamp { at: self.clock.reads(connection.begin), ..end });
        let begin = [begin, begin_of_end].into_iter().flatten().min_by_key(|stamp| stamp.readable_at);
        Logged { begin, end }
    }

    /// Returns the record of a failed login, or `None` if it is lost.
    pub(crate) fn failed_login(&self, connection: &Connection, random: &mut SplitMix) -> Option<Stamp> {
        let is_lost = random.happens(self.sessions_lost);
        self.record(connection.begin, is_lost, random)
    }

    fn record(&self, at: Millis, is_lost: bool, random: &mut SplitMix) -> Option<Stamp> {
        let delay = if random.happens(self.late) {
            random.between(30 * MINUTE, 6 * HOUR)
        } else {
            random.mostly_low(5 * SECOND, 12 * MINUTE)
        };
        let is_lost = is_lost || self.holes.contains(at);
        (!is_lost).then(|| Stamp { at: self.clock.reads(at), readable_at: at + delay })
    }
}
