//! Runs the host on a clock that advances only when nothing is in flight.

use adapters_local::DrivenClock;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault};

use crate::folder_events::FolderEvents;
use crate::host::Host;

/// Scripted outside events of a driven run.
#[async_trait]
pub trait OutsideEvents: Send {
    /// Returns when the next event happens, or `None` after the last one.
    fn next_at(&self) -> Option<Timestamp>;

    /// Returns how many events have happened.
    fn progress(&self) -> ScriptProgress;

    /// Returns until when the timers skip their runs, or `None` if they fire on schedule.
    fn timers_sleep_until(&self, _now: Timestamp) -> Option<Timestamp> {
        None
    }

    /// Returns when the run ends even if work remains, or `None` if it ends without remaining work.
    fn ends_at(&self) -> Option<Timestamp> {
        None
    }

    /// Plays all events due at `now`.
    async fn play(&mut self, now: Timestamp, events: &mut FolderEvents) -> Result<(), Fault>;
}

/// Progress of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptProgress {
    /// Number of past events.
    pub done: usize,
    /// Number of all events.
    pub total: usize,
}

async fn is_over(script: &dyn OutsideEvents, host: &Host, now: Timestamp) -> Result<bool, Fault> {
    match script.ends_at() {
        Some(end) => Ok(now >= end),
        None => Ok(script.next_at().is_none() && host.is_at_rest().await?),
    }
}

/// Plays the script and advances the clock from one due time to the next, until the script is over and no work
/// remains. Calls `observer` before every advance.
///
/// Timers skip their runs while the script says so. Once it is over, frequent timers skip runs while nothing can be due.
///
/// The folder is scanned only after a scripted event, because nothing else changes it. A host without a folder cannot
/// play a script: the run ends at the first event.
///
/// # Errors
/// Returns the fault if a queue, the folder or the script fails.
pub async fn run_driven(
    host: &mut Host,
    clock: &DrivenClock,
    script: &mut dyn OutsideEvents,
    mut observer: impl FnMut(ScriptProgress, Timestamp),
) -> Result<(), Fault> {
    host.raise_events().await?;
    loop {
        let mut due = host.step().await?;
        observer(script.progress(), clock.now());
        if is_over(script, host, clock.now()).await? {
            return Ok(());
        }
        if let Some(until) = script.timers_sleep_until(clock.now()) {
            host.sleep(until);
            due = host.next_at().await?;
        } else if script.next_at().is_none() {
            host.doze().await?;
            due = host.next_at().await?;
        }
        let Some(next) = script.next_at().into_iter().chain(due).min() else {
            return Ok(());
        };
        // The clock has microseconds: round up, so that it reaches the due time.
        clock.advance_to(next.saturating_add(SignedDuration::from_nanos(999)).unwrap_or(Timestamp::MAX));
        let now = clock.now();
        if script.next_at().is_some_and(|at| at <= now) {
            let Some(events) = host.events() else { return Ok(()) };
            script.play(now, events).await?;
            host.raise_events().await?;
        }
    }
}
