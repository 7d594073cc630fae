//! Sessions as they were, and the recordings that they left.

use jiff::{SignedDuration, Timestamp};

/// A session to be held, relative to the others.
#[derive(Debug, Clone)]
pub struct Visit {
    pub letter: char,
    pub person: &'static str,
    /// How long it lasts, in seconds.
    pub lasts: i64,
    pub written: Written,
    pub told: Told,
    pub machine: Machine,
    /// What the events of its recording claim.
    pub lies: Option<Lie>,
}

/// How its recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As the session goes on.
    Live,
    /// So many seconds after its end.
    Uploaded(i64),
}

/// What the audit log tells of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Truth,
    /// Nothing of its end.
    StartOnly,
    Nothing,
    /// Its times, so many seconds off.
    Off {
        start: i64,
        end: i64,
    },
}

/// How the audit log knows the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    Named,
    ByAddress,
    Instance,
}

/// What an event says of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    LongAgo,
    FarAhead,
}

/// A session that was held.
#[derive(Debug, Clone)]
pub struct Session {
    pub visit: Visit,
    pub tunnel: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Session {
    /// The name of the machine, as a person would name it in a hold.
    pub fn machine(&self) -> String {
        format!("vm-{}", self.visit.letter)
    }

    /// Start and end as the log tells them, where it tells them wrongly.
    pub fn forged(&self) -> Option<(Timestamp, Timestamp)> {
        let off = |at: Timestamp, by| at + SignedDuration::from_secs(by);
        match self.visit.told {
            Told::Off { start, end } => Some((off(self.start, start), off(self.end, end))),
            Told::Truth | Told::StartOnly | Told::Nothing => None,
        }
    }

    /// Whether storage cannot tell its recording from one that was uploaded after its session.
    pub fn is_written_at_once(&self) -> bool {
        self.visit.written != Written::Live || self.visit.lasts <= 10
    }

    /// Creation and last write of its recording.
    pub fn stored(&self) -> (Timestamp, Timestamp) {
        match self.visit.written {
            Written::Live => (self.start, self.end),
            Written::Uploaded(after) => {
                let at = self.end + SignedDuration::from_secs(after);
                (at, at)
            }
        }
    }
}
