//! The clock of this machine.

use jiff::Timestamp;
use pipeline::ports::Clock;

/// System clock; the only code that reads the wall time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that the ban points to")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
