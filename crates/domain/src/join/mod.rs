//! Matches sessions with recordings.
//!
//! The two share no id. A recording is named after machine and account. It is created when its session begins and last
//! written when the session ends, or uploaded after the session; [`calibration`](crate::calibration) learns from each
//! day how far these times differ. Names are generated from sessions and compared, never split ([`Naming`]).
//!
//! For each recording and session that fit by name and time, [`Points`] measure how much likelier this session is than
//! none in the log. A session has at most one recording and a recording at most one session, so neighbours compete.
//! [`judge`] matches a session only if the best assignment with this pair clearly leads every assignment without it.

mod ball;
mod evidence;
mod explain;
mod gates;
mod judge;
mod key;
mod likelihood;
mod matching;
mod name_index;
mod naming;
mod pair;
mod points;
mod reach;
mod reason;
mod sides;
mod standing;
mod undecided;
mod verdict;
mod walk;

pub use evidence::{Evidence, MatchGrounds, Offset, WritingMode};
pub(crate) use explain::{because, range};
pub use explain::{candidate_explained, match_explained, undecided_explained};
pub use gates::{AT_ONCE, Gates, OPEN_SINCE, UPLOADED_AFTER, UPLOADED_BEFORE};
pub use judge::{ATTEMPT_LASTS, judge, judge_weighed};
pub use key::JoinKey;
pub use matching::{FailedLogins, MatchingRules, Tolerances};
pub use name_index::NameIndex;
pub use naming::{Naming, NamingError, without_suffix};
pub use pair::{LiveOffsets, Pair};
pub use points::Points;
pub use reach::{Middle, NeighbourhoodCoverage, NeighbourhoodReach};
pub use reason::weigh;
pub use sides::{LogRead, Neighbourhood, RecordingEvidence, SessionEvidence};
pub use standing::{RecordingCoverage, standing};
pub use undecided::{UndecidedReason, Weighing};
pub use verdict::{Candidate, Match, Matched};
