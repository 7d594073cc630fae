//! Rules of matching: names of recordings, tolerances and deadlines.

mod gates;
mod matching;
mod naming;

pub use gates::{AT_ONCE, Gates, OPEN_SINCE, UPLOADED_AFTER, UPLOADED_BEFORE, UPLOADED_LATE};
pub use matching::{FailedLogins, MatchingRules, Tolerances};
pub use naming::{Naming, NamingError, without_suffix};
