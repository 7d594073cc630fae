//! Times of a recording and of its session, as far as storage bears them out.

mod bounded;
mod length;

pub use bounded::{BoundedSession, BoundedTime, StoredTimes};
pub(crate) use bounded::{SESSION_LASTS, utc_day};
pub use length::LengthFrom;
