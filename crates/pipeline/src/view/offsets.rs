//! Public form of the time offsets between a recording and its session.

use domain::record::join::{MatchGrounds, Offset};
use serde::Serialize;

/// Time offsets between a recording and a session, with the usual ones of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OffsetsView {
    /// Creation of the recording minus start of the session, in milliseconds. `null` if the start is unknown, or the
    /// recording was written when the session was over.
    pub start_ms: Option<i64>,
    /// Lower and upper usual offset, in milliseconds.
    pub usual_start_ms: Option<[i64; 2]>,
    /// Last write of the recording minus end of the session, in milliseconds. If the recording was written when the
    /// session was over, its creation minus that end. `null` if the end is unknown.
    pub end_ms: Option<i64>,
    /// Lower and upper usual offset, in milliseconds.
    pub usual_end_ms: Option<[i64; 2]>,
    /// Number of recordings of that day from which the usual offsets were learned: those that stand alone with one
    /// session.
    pub learned_from: u32,
}

impl OffsetsView {
    pub(super) fn from_grounds(grounds: &MatchGrounds) -> Self {
        let usual = |offset: Offset| [offset.usual.0, offset.usual.1].map(|seconds| i64::from(seconds) * 1000);
        Self {
            start_ms: grounds.start.map(|offset| offset.millis),
            usual_start_ms: grounds.start.map(usual),
            end_ms: grounds.end.map(|offset| offset.millis),
            usual_end_ms: grounds.end.map(usual),
            learned_from: grounds.learned_from,
        }
    }
}
