//! A function that time fires.

use std::sync::Arc;
use std::time::Duration;

use host_protocol::host::TimerRun;
use jiff::{SignedDuration, Timestamp};

use crate::function::Function;
use crate::invoker::Invoker;
use crate::schedule::Schedule;

/// Runs that are so far apart never fall out.
const SELDOM: SignedDuration = SignedDuration::from_mins(10);

/// One timer function at work. A run that fails is not repeated: the next one comes.
pub(crate) struct Timer {
    function: Function,
    schedule: Schedule,
    invoker: Arc<Invoker>,
    last: Option<Timestamp>,
    next: Timestamp,
}

impl Timer {
    pub(crate) fn new(function: Function, schedule: Schedule, run_on_startup: bool, invoker: Arc<Invoker>) -> Self {
        let now = invoker.now();
        let next = if run_on_startup { now } else { schedule.next_after(now) };
        Self { function, schedule, invoker, last: None, next }
    }

    /// When it fires next.
    pub(crate) fn next_at(&self) -> Timestamp {
        self.next
    }

    /// Lets runs before `until` fall out, where one follows the other within minutes.
    pub(crate) fn doze(&mut self, until: Timestamp) {
        let following = self.schedule.next_after(self.next);
        if self.next < until && following.duration_since(self.next) < SELDOM {
            self.next = self.schedule.next_after(until);
        }
    }

    /// How long it is until then.
    pub(crate) fn wait(&self) -> Duration {
        self.next.duration_since(self.invoker.now()).max(SignedDuration::ZERO).unsigned_abs()
    }

    /// Fires if it is time. Runs that were missed altogether are made up for by this one, which then is past due.
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
