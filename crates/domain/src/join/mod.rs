//! Which session is on which recording.
//!
//! The two share no id. A recording is named after machine and account, was created when its session began and last
//! written when it ended. Names are generated from sessions and compared, never split ([`Naming`]). Recordings and
//! sessions that may belong together form a group, which is solved as a whole: one session has at most one recording,
//! and the other way round. [`judge`] names a session only where no way to fill in what is still unknown of the group
//! would give the recording to another one.

mod alone;
mod group;
mod judge;
mod key;
mod matching;
mod naming;
mod pair;
mod reach;
mod sides;
mod solve;
mod verdict;

pub use group::Group;
pub use judge::{ATTEMPT_LASTS, Standing, judge, standing};
pub use key::JoinKey;
pub use matching::{FailedLogins, Matching, Tolerances};
pub use naming::{Naming, NamingError};
pub use pair::{Evidence, Pair};
pub use reach::Reach;
pub use sides::{Attended, LogRead, Neighbourhood, Recorded};
pub use verdict::{Candidate, Match, Matched, score};
