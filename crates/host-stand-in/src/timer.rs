//! Timer functions.

use std::sync::Arc;
use std::time::Duration;

use host_protocol::host::TimerRun;
use jiff::{SignedDuration, Timestamp};

use crate::function::FunctionDefinition;
use crate::invoker::Invoker;
use crate::schedule::TimerSchedule;

/// Minimum interval of timers that never skip a run.
const SELDOM: SignedDuration = SignedDuration::from_mins(10);

/// Timer function. A failed run is not retried; the next tick follows.
pub(crate) struct Timer {
    function: FunctionDefinition,
    schedule: TimerSchedule,
    invoker: Arc<Invoker>,
    last: Option<Timestamp>,
    next: Timestamp,
}

impl Timer {
    pub(crate) fn new(
        function: FunctionDefinition,
        schedule: TimerSchedule,
        run_on_startup: bool,
        invoker: Arc<Invoker>,
    ) -> Self {
        let now = invoker.now();
        let next = if run_on_startup { now } else { schedule.next_after(now) };
        Self { function, schedule, invoker, last: None, next }
    }

    pub(crate) fn next_at(&self) -> Timestamp {
        self.next
    }

    /// Skips runs before `until` if the timer fires every few minutes.
    pub(crate) fn doze(&mut self, until: Timestamp) {
        let following = self.schedule.next_after(self.next);
        if self.next < until && following.duration_since(self.next) < SELDOM {
            self.next = self.schedule.next_after(until);
        }
    }

    /// Skips the runs before `until`; one run at `until` replaces them.
    pub(crate) fn sleep(&mut self, until: Timestamp) {
        self.next = self.next.max(until);
    }

    /// Time left until the next run.
    pub(crate) fn wait(&self) -> Duration {
        self.next.duration_since(self.invoker.now()).max(SignedDuration::ZERO).unsigned_abs()
    }

    /// Fires if due. One run replaces all missed runs and is then marked past due.
    pub(crate) async fn fire_if_due(&mut self) -> bool {
        let now = self.invoker.now();
        if now < self.next {
            return false;
        }
        let is_past_due = self.schedule.next_after(self.next) <= now;
        let last = self.last.replace(now);
        self.next = self.schedule.next_after(now);
        self.invoker.fire_timer(&self.function, &TimerRun { last, next: self.next, is_past_due }).await;
        true
    }
}
