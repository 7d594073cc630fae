//! Times of a recording and of its session, as far as storage bears them out.

mod bounded;
mod length;

pub(crate) use bounded::utc_day;
pub use bounded::{BoundedSession, BoundedTime, StoredTimes};
pub use length::LengthFrom;
