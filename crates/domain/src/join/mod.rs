//! Which session is on which recording.
//!
//! The two share no id. A recording is named after machine and account. It is created when its session begins and last
//! written when the session ends, or uploaded when the session is over; by how much the times differ is learned from each
//! day ([`calibration`](crate::calibration)). Names are generated from sessions and compared, never split ([`Naming`]).
//!
//! For each recording and session whose names and times allow it, [`Points`] say how much likelier that session is than
//! none in the log. One session has at most one recording, and the other way round, so that those near compete. [`judge`]
//! names a session only where the best way to pair what is near clearly leads every way without this pair.

mod ball;
mod evidence;
mod explain;
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
mod verdict;
mod walk;

pub use evidence::{Evidence, Grounds, Offset, Written};
pub(crate) use explain::{because, range};
pub use explain::{candidate_explained, match_explained, undecided_explained};
pub use judge::{ATTEMPT_LASTS, judge, judge_weighed};
pub use key::JoinKey;
pub use matching::{FailedLogins, Matching, Tolerances};
pub use name_index::NameIndex;
pub use naming::{Naming, NamingError};
pub use pair::{Live, Pair};
pub use points::Points;
pub use reach::{Middle, Reach, Reading};
pub use reason::{Reason, Weighing, weigh};
pub use sides::{Attended, LogRead, Neighbourhood, Recorded};
pub use standing::{Standing, standing};
pub use verdict::{Candidate, Match, Matched};
