//! The time.

use jiff::Timestamp;

/// The only way to ask for the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}
