//! What speaks for a match, as people and programs are told.

use super::points::Points;

/// What speaks for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The blob is named after machine and account.
    Name,
    /// It was created about when the session began.
    Start,
    /// It was last written, or uploaded, about when the session ended.
    End,
    /// It is as long as the session.
    Duration,
    /// No other session is near.
    Only,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Name, Self::Start, Self::End, Self::Duration, Self::Only];

    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Start => "start",
            Self::End => "end",
            Self::Duration => "duration",
            Self::Only => "only",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.name() == name)
    }
}

/// When a recording was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Written {
    /// While the session went on.
    #[default]
    Live,
    /// When the session was over.
    AtEnd,
}

impl Written {
    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::AtEnd => "at_end",
        }
    }

    /// The way of writing of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Live, Self::AtEnd].into_iter().find(|written| written.name() == name)
    }
}

/// How far two times are apart, beside what was usual on that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// The recording's time minus the session's, in milliseconds.
    pub millis: i64,
    /// The first and the last usual offset, in seconds.
    pub usual: (i16, i16),
}

impl Offset {
    /// Whether it is as that day's usual offsets are.
    pub fn is_usual(self) -> bool {
        (i64::from(self.usual.0)..=i64::from(self.usual.1)).contains(&self.seconds())
    }

    /// In whole seconds, to the nearest.
    pub(super) fn seconds(self) -> i64 {
        self.millis.saturating_add(500).div_euclid(1000)
    }
}

/// How sure it is that a session is on a recording, and by what. It depends on when it was found, since a day teaches
/// more as it goes on; what was found does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grounds {
    /// By how much this is likelier than anything else, at the least. Of a candidate: than that no session in the log is
    /// on the recording.
    pub points: Points,
    /// How much a name needs. `None` where no lead is enough, since both times are unusual.
    pub needed: Option<Points>,
    /// When the recording was written, if this is its session.
    pub written: Written,
    /// Creation beside start. `None` where it is not known, or says nothing.
    pub start: Option<Offset>,
    /// Last write beside end.
    pub end: Option<Offset>,
    /// From how many lonely pairs of the day it is known what is usual.
    pub learned_from: u32,
}
