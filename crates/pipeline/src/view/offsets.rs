//! How far the times of a recording and its session are apart, as everybody outside sees it.

use domain::join::{Grounds, Offset};
use serde::Serialize;

/// How far the times of a recording and a session are apart, beside what was usual on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OffsetsView {
    /// Creation of the recording minus start of the session, in milliseconds. `null` where the start is not known, or the
    /// recording was written when the session was over.
    pub start_ms: Option<i64>,
    /// The first and the last usual one.
    pub usual_start_ms: Option<[i64; 2]>,
    /// Last write of the recording minus end of the session, in milliseconds; of a recording that was written when the
    /// session was over, its creation minus that end. `null` where the end is not known.
    pub end_ms: Option<i64>,
    /// The first and the last usual one.
    pub usual_end_ms: Option<[i64; 2]>,
    /// From how many recordings of that day it is known what is usual: those that stand alone with one session.
    pub learned_from: u32,
}

impl OffsetsView {
    pub(super) fn of(grounds: &Grounds) -> Self {
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
