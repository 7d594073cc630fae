//! Sessions and the recordings that they leave.

use jiff::{SignedDuration, Timestamp};

/// A session to play.
#[derive(Debug, Clone)]
pub struct Visit {
    pub letter: char,
    pub person: &'static str,
    /// Duration in seconds.
    pub lasts: i64,
    pub written: Written,
    pub told: Told,
    pub machine: Machine,
    /// False time in the events of its recording.
    pub lies: Option<Lie>,
}

/// Way in which a recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// During the session.
    Live,
    /// This many seconds after its end.
    Uploaded(i64),
}

/// Content of the audit log about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Truth,
    /// Without the end record.
    StartOnly,
    Nothing,
    /// With times wrong by this many seconds.
    Off {
        start: i64,
        end: i64,
    },
}

/// Identification of the machine in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    Named,
    ByAddress,
    Instance,
}

/// False time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    LongAgo,
    FarAhead,
}

/// A session that took place.
#[derive(Debug, Clone)]
pub struct Session {
    pub visit: Visit,
    pub tunnel: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Session {
    /// Name of the machine, as a person would use it in a hold.
    pub fn machine(&self) -> String {
        format!("vm-{}", self.visit.letter)
    }

    /// Start and end in the log, if they are wrong.
    pub fn forged(&self) -> Option<(Timestamp, Timestamp)> {
        let off = |at: Timestamp, by| at + SignedDuration::from_secs(by);
        match self.visit.told {
            Told::Off { start, end } => Some((off(self.start, start), off(self.end, end))),
            Told::Truth | Told::StartOnly | Told::Nothing => None,
        }
    }

    /// True if storage cannot distinguish its recording from one uploaded after the session.
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
