//! Port to the clock.

use jiff::Timestamp;

/// The only source of the current time.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}
