//! Evidence for a match, as shown and stored.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::points::Points;
use crate::named;

/// Kind of evidence for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Evidence {
    /// The blob is named after the machine and the account.
    Name,
    /// The blob was created about when the session began.
    Start,
    /// The blob was last written, or uploaded, about when the session ended.
    End,
    /// The recording is as long as the session.
    Duration,
    /// No other session is near.
    Only,
}

named!(Evidence: ALL, name, parse);

/// Way in which a recording was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum WritingMode {
    /// During the session.
    #[default]
    Live,
    /// After the session, as an upload.
    AtEnd,
}

named!(WritingMode: name, parse);

/// Distance of two times, with the usual distances of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// Time of the recording minus time of the session, in milliseconds.
    pub millis: i64,
    /// First and last usual offset, in seconds.
    pub usual: (i16, i16),
}

impl Offset {
    /// True if the offset lies within that day's usual offsets.
    pub fn is_usual(self) -> bool {
        (i64::from(self.usual.0)..=i64::from(self.usual.1)).contains(&self.seconds())
    }

    /// Returns whole seconds, rounded to nearest.
    pub(crate) fn seconds(self) -> i64 {
        self.millis.saturating_add(500).div_euclid(1000)
    }
}

/// Certainty of a match and its reasons. Unlike the finding itself, they depend on when the match was judged, because a
/// day's calibration improves over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MatchGrounds {
    /// Lower bound of the lead over every alternative. For a candidate: points of this session against no session in
    /// the log.
    pub points: Points,
    /// Lead required for a match. `None` if no lead is enough: both times are unusual, or the client is native and the
    /// day has taught too little.
    pub needed: Option<Points>,
    /// Way in which the recording was written, if this is its session.
    pub written: WritingMode,
    /// Creation minus start. `None` if unknown or without significance.
    pub start: Option<Offset>,
    /// Last write minus end. For an upload: creation minus end.
    pub end: Option<Offset>,
    /// Number of lonely pairs of the day from which the usual offsets were learned.
    pub learned_from: u32,
}
