//! Sessions and the recordings that they leave.

use jiff::{SignedDuration, Timestamp};

/// A session to play.
#[derive(Debug, Clone)]
pub struct HostileVisit {
    pub letter: char,
    pub person: &'static str,
    /// Duration in seconds.
    pub lasts: i64,
    pub written: WrittenVisit,
    pub told: ToldVisit,
    pub machine: VisitedMachine,
    /// False time in the events of its recording.
    pub lies: Option<Lie>,
}

/// Way in which a recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenVisit {
    /// During the session.
    Live,
    /// This many seconds after its end.
    Uploaded(i64),
}

/// Content of the audit log about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldVisit {
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
pub enum VisitedMachine {
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
pub struct VisitSession {
    pub visit: HostileVisit,
    pub tunnel: String,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl VisitSession {
    /// Name of the machine, as a person would use it in a hold.
    pub fn machine(&self) -> String {
        format!("vm-{}", self.visit.letter)
    }

    /// Start and end in the log, if they are wrong.
    pub fn forged(&self) -> Option<(Timestamp, Timestamp)> {
        let off = |at: Timestamp, by| at + SignedDuration::from_secs(by);
        match self.visit.told {
            ToldVisit::Off { start, end } => Some((off(self.start, start), off(self.end, end))),
            ToldVisit::Truth | ToldVisit::StartOnly | ToldVisit::Nothing => None,
        }
    }

    /// True if storage cannot distinguish its recording from one uploaded after the session.
    pub fn is_written_at_once(&self) -> bool {
        self.visit.written != WrittenVisit::Live || self.visit.lasts <= 10
    }

    /// Creation and last write of its recording.
    pub fn stored(&self) -> (Timestamp, Timestamp) {
        match self.visit.written {
            WrittenVisit::Live => (self.start, self.end),
            WrittenVisit::Uploaded(after) => {
                let at = self.end + SignedDuration::from_secs(after);
                (at, at)
            }
        }
    }
}
