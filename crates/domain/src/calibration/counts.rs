//! What a day of a bastion shows.

use super::histogram::Histogram;
use super::hours::Hours;

/// What the recordings and sessions of one bastion and one UTC day show, as counts: a sum over the names of the day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Creation minus start, of lonely pairs that were written during the session.
    pub starts: Histogram,
    /// Last write minus end, of the same.
    pub ends: Histogram,
    /// Creation minus end, of lonely pairs of which the recording was created and written at once.
    pub uploads: Histogram,
    /// All recordings of the day that have ended.
    pub recordings: u32,
    /// Those of them that were created and written at once.
    pub at_once: u32,
    /// Those that look so, but may be written live and still be growing. They are not among `at_once`.
    pub growing: u32,
    /// How many names the recordings have.
    pub names: u32,
    /// Recordings that stand alone, by the hour of their creation: with a session, and without one in the log.
    pub recordings_alone: Hours,
    /// Sessions that stand alone, by the hour of their start: with a recording, and without one.
    pub sessions_alone: Hours,
    /// All sessions of which start and end are known.
    pub sessions: u32,
    /// Sessions beside one of another person with the same name that begins and ends at the same time.
    pub twins: Near,
    /// Those of the sessions that last a minute at most.
    pub short_sessions: u32,
    /// Those of the twins that last a minute at most: where connections break off, they have most of the twins.
    pub short_twins: Near,
    /// Sessions beside one of another person with the same name that ends at the same time.
    pub twin_ends: Near,
}

/// How many have another near, and how many would have one by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Near {
    /// How many have one near.
    pub near: u32,
    /// How many have one somewhat farther off, in a region several times the size, which chance accounts for.
    pub farther: u32,
}

impl Near {
    /// Those that are not among others.
    pub(super) fn without(self, others: Self) -> Self {
        Self { near: self.near.saturating_sub(others.near), farther: self.farther.saturating_sub(others.farther) }
    }
}

impl DayCounts {
    /// How many recordings show how they are written: all that are not still growing, as far as is known.
    pub fn fully_written(&self) -> u32 {
        self.recordings.saturating_sub(self.growing)
    }

    /// Adds what another part of the same day shows. Names must not be divided between parts.
    pub fn merge(&mut self, other: &Self) {
        let Self { starts, ends, uploads, .. } = other;
        self.starts.merge(starts);
        self.ends.merge(ends);
        self.uploads.merge(uploads);
        self.recordings_alone.merge(&other.recordings_alone);
        self.sessions_alone.merge(&other.sessions_alone);
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
