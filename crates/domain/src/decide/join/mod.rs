//! Matches sessions with recordings.
//!
//! The two share no id. A recording is named after machine and account. It is created when its session begins and last
//! written when the session ends, or uploaded after the session; [`calibration`](crate::decide::calibration) learns
//! from each day how far these times differ. Names are generated from sessions and compared, never split
//! ([`Naming`](crate::policy::join::Naming)).
//!
//! For each recording and session that fit by name and time, [`Points`](crate::record::join::Points) measure how much
//! likelier this session is than none in the log. A session has at most one recording and a recording at most one
//! session, so neighbours compete. [`judge`] matches a session only if the best assignment with this pair clearly leads
//! every assignment without it.

mod ball;
mod explain;
mod judge;
mod likelihood;
mod name_index;
mod pair;
mod reach;
mod reason;
mod recording_coverage;
mod sides;
mod walk;

pub(crate) use explain::{because, range};
pub use explain::{candidate_explained, match_explained, undecided_explained};
pub use judge::{ATTEMPT_LASTS, judge, judge_with_reasoning};
pub use name_index::NameIndex;
pub use pair::{LiveOffsets, Pair};
pub use reach::{Middle, NeighbourhoodCoverage, NeighbourhoodReach};
pub use reason::match_reasoning;
pub use recording_coverage::{RecordingCoverage, recording_coverage};
pub use sides::{LogRead, Neighbourhood, RecordingEvidence, SessionEvidence};
