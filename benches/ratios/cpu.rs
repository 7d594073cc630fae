//! What something cost: CPU time of a thread or of the whole process, and elapsed time.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time that this thread has used so far, in user and system mode.
pub fn of_this_thread() -> Duration {
    read(ClockId::ThreadCPUTime)
}

/// The CPU time that all threads of this process have used so far.
pub fn of_this_process() -> Duration {
    read(ClockId::ProcessCPUTime)
}

/// A point on a clock that never goes back.
pub fn elapsed() -> Duration {
    read(ClockId::Monotonic)
}

fn read(clock: ClockId) -> Duration {
    // These clocks count up from zero.
    clock_gettime(clock).try_into().unwrap_or_default()
}

/// What `work` cost by `clock`, with its result.
pub fn of<T>(clock: fn() -> Duration, work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = clock();
    let result = work();
    (clock().saturating_sub(begin), result)
}
