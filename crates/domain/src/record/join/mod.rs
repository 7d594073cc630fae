//! Result of matching a recording with sessions, with its evidence.

mod evidence;
mod points;
mod undecided;
mod verdict;

pub use evidence::{Evidence, MatchGrounds, Offset, WritingMode};
pub use points::Points;
pub use undecided::{MatchReasoning, UndecidedReason};
pub use verdict::{Candidate, Match, Matched};
