//! Counts of recordings and sessions of one day.

use super::histogram::Histogram;
use super::hours::Hours;
use super::shifts::Shifts;

/// Counts of the recordings and sessions of one bastion and one UTC day: a sum over the names of the day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Creation minus start, over lonely pairs written during the session.
    pub starts: Histogram,
    /// Last write minus end, over lonely pairs written during the session.
    pub ends: Histogram,
    /// Creation minus end, over lonely pairs whose recording was created and written at once.
    pub uploads: Histogram,
    /// Recordings of the day that have ended.
    pub recordings: u32,
    /// Ended recordings created and written at once.
    pub at_once: u32,
    /// Recordings that look as if written at once, but may be live ones that are still growing. Not included in
    /// `at_once`.
    pub growing: u32,
    /// Number of distinct names of the recordings.
    pub names: u32,
    /// Recordings without rivals by hour of creation: with a session, and without one in the log.
    pub recordings_alone: Hours,
    /// Sessions without rivals by hour of start: with a recording, and without one.
    pub sessions_alone: Hours,
    /// Sessions with known start and end.
    pub sessions: u32,
    /// Sessions beside a session of another person with the same name, start and end.
    pub twins: NeighbourCounts,
    /// Sessions of one minute at most.
    pub short_sessions: u32,
    /// Twins of one minute at most: if connections break off, most twins are among them.
    pub short_twins: NeighbourCounts,
    /// Sessions beside a session of another person with the same name and end.
    pub twin_ends: NeighbourCounts,
    /// Evidence that a clock, or every upload, is far off.
    pub shifts: Shifts,
}

/// Sessions with a neighbour, and an estimate of how many have one by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NeighbourCounts {
    /// Sessions with a neighbour nearby.
    pub near: u32,
    /// Sessions with a neighbour farther off, in a region several times larger; such neighbours are due to chance.
    pub farther: u32,
}

impl NeighbourCounts {
    /// Subtracts the counts of a subset.
    pub(super) fn without(self, others: Self) -> Self {
        Self { near: self.near.saturating_sub(others.near), farther: self.farther.saturating_sub(others.farther) }
    }
}

impl DayCounts {
    /// Returns the number of recordings that show how they are written: all except those that may still be growing.
    pub fn fully_written(&self) -> u32 {
        self.recordings.saturating_sub(self.growing)
    }

    /// True unless nothing of the day was counted.
    pub(super) fn is_learned(&self) -> bool {
        *self != Self::default()
    }

    /// Adds the suspicion about the clocks that the last learned day before this one has left, and keeps what is to be
    /// carried on.
    pub fn follow(&mut self, before: Option<&Self>) {
        self.shifts = self.shifts.carried_from(before.map_or(&Shifts::default(), |before| &before.shifts));
    }

    /// Adds the counts of another part of the same day. All recordings and sessions of a name must be in the same part.
    pub fn merge(&mut self, other: &Self) {
        let Self { starts, ends, uploads, .. } = other;
        self.starts.merge(starts);
        self.ends.merge(ends);
        self.uploads.merge(uploads);
        self.recordings_alone.merge(&other.recordings_alone);
        self.sessions_alone.merge(&other.sessions_alone);
        self.shifts.merge(&other.shifts);
        let numbers = [
            (&mut self.recordings, other.recordings),
            (&mut self.at_once, other.at_once),
            (&mut self.growing, other.growing),
            (&mut self.names, other.names),
            (&mut self.sessions, other.sessions),
            (&mut self.twins.near, other.twins.near),
            (&mut self.twins.farther, other.twins.farther),
            (&mut self.short_sessions, other.short_sessions),
            (&mut self.short_twins.near, other.short_twins.near),
            (&mut self.short_twins.farther, other.short_twins.farther),
            (&mut self.twin_ends.near, other.twin_ends.near),
            (&mut self.twin_ends.farther, other.twin_ends.farther),
        ];
        for (number, more) in numbers {
            *number = number.saturating_add(more);
        }
    }
}
