//! A run on a clock that moves only when nothing is in flight.

use adapters_local::DrivenClock;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, Fault};

use crate::folder_events::FolderEvents;
use crate::host::Host;

/// What happens from outside while the clock is driven.
#[async_trait]
pub trait Script: Send {
    /// When something happens next. `None` after the last thing.
    fn next_at(&self) -> Option<Timestamp>;

    /// How much of it has happened.
    fn progress(&self) -> Progress;

    /// Lets all happen that is due at `now`.
    async fn play(&mut self, now: Timestamp, events: &mut FolderEvents) -> Result<(), Fault>;
}

/// How far a script has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many things have happened.
    pub done: usize,
    /// How many will have happened at the end.
    pub total: usize,
}

/// Plays the script and drives the clock from one thing that is due to the next, until the script is over and nothing
/// is left to do. Tells `observer` how far it is whenever the clock is about to move.
///
/// Once the script is over, frequent timers sleep while nothing can be due.
///
/// The folder is looked at when the script has touched it, since nobody else does. A host without one has no script to
/// play, and ends at once when one is due.
pub async fn run_driven(
    host: &mut Host,
    clock: &DrivenClock,
    script: &mut dyn Script,
    mut observer: impl FnMut(Progress, Timestamp),
) -> Result<(), Fault> {
    host.raise_events().await?;
    loop {
        let mut due = host.step().await?;
        observer(script.progress(), clock.now());
        if script.next_at().is_none() && host.is_at_rest().await? {
            return Ok(());
        }
        if script.next_at().is_none() {
            host.doze().await?;
            due = host.next_at().await?;
        }
        let Some(next) = script.next_at().into_iter().chain(due).min() else {
            return Ok(());
        };
        // The clock shows microseconds: rounded up, so that it does reach what is due.
        clock.advance_to(next.saturating_add(SignedDuration::from_nanos(999)).unwrap_or(Timestamp::MAX));
        let now = clock.now();
        if script.next_at().is_some_and(|at| at <= now) {
            let Some(events) = host.events() else { return Ok(()) };
            script.play(now, events).await?;
            host.raise_events().await?;
        }
    }
}
