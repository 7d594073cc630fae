//! Measures costs: CPU time of a thread or of the process, and elapsed time.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the CPU time of this thread so far, in user and system mode.
pub fn of_this_thread() -> Duration {
    read(ClockId::ThreadCPUTime)
}

/// Returns the CPU time of all threads of this process so far.
pub fn of_this_process() -> Duration {
    read(ClockId::ProcessCPUTime)
}

/// Reads a monotonic clock.
pub fn elapsed() -> Duration {
    read(ClockId::Monotonic)
}

fn read(clock: ClockId) -> Duration {
    // The conversion cannot fail, because these clocks count up from zero.
    clock_gettime(clock).try_into().unwrap_or_default()
}

/// Returns the cost of `work` by `clock` and its result.
pub fn measure<T>(clock: fn() -> Duration, work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = clock();
    let result = work();
    (clock().saturating_sub(begin), result)
}
