//! Replays unprocessed input: dead letters, poison messages, quarantined input, and given-up notifications.
//!
//! Each item goes to its original function with its original ids, and is removed only after it was taken. An
//! interrupted replay can therefore be repeated, and a second run changes nothing.

mod dead_letters;
mod given_up;
mod intake;
mod piece;
mod poison;
mod put_back;
mod quarantine;
mod report;
mod wanted;

pub use crate::outcome::ReplayResult;
pub use intake::{InputSummary, Intake, Letter};
pub use report::{ItemSource, ReplayItem, ReplayOutcome, Replayed};
pub use wanted::ReplaySelection;

use std::sync::Arc;

use crate::deliver::RecoverDeliveries;
use crate::ports::{Channels, Fault, Notifications, Quarantine, Queue};

/// Limit of consecutive failures in a replay: by then a service fails, not an item.
const HOPELESS: usize = 3;
/// Items per page.
const PAGE: usize = 100;

/// Puts back input that could not be processed.
pub struct ReplayInput {
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) quarantine: Arc<dyn Quarantine>,
    pub(crate) channels: Channels,
    pub(crate) lost_deliveries: Arc<RecoverDeliveries>,
}

/// Single run over unprocessed input.
pub struct Replay<'a> {
    input: &'a ReplayInput,
    intake: &'a dyn Intake,
    wanted: &'a ReplaySelection,
    is_dry: bool,
    watch: &'a mut dyn FnMut(&ReplayItem),
    failed_in_a_row: usize,
    done: Replayed,
}

impl<'a> Replay<'a> {
    /// Creates a dry run, which changes nothing and reports all items it would replay. `watch` is called for each item.
    pub fn dry(
        input: &'a ReplayInput,
        intake: &'a dyn Intake,
        wanted: &'a ReplaySelection,
        watch: &'a mut dyn FnMut(&ReplayItem),
    ) -> Self {
        Self { input, intake, wanted, is_dry: true, watch, failed_in_a_row: 0, done: Replayed::default() }
    }

    /// Returns a run that replays all wanted items.
    #[must_use]
    pub fn applied(self) -> Self {
        Self { is_dry: false, ..self }
    }

    /// Returns the report of the run.
    pub fn end(self) -> Replayed {
        self.done
    }

    /// Returns true if the run must stop. The caller holds another item, which then stays, so the report is marked as
    /// incomplete.
    fn is_over(&mut self) -> bool {
        let is_over = self.done.items.len() >= self.wanted.limit || self.failed_in_a_row >= HOPELESS;
        self.done.has_more |= is_over;
        is_over
    }

    fn report(&mut self, item: ReplayItem) {
        self.failed_in_a_row = match item.outcome {
            ReplayOutcome::Failed(_) => self.failed_in_a_row + 1,
            _ => 0,
        };
        (self.watch)(&item);
        self.done.items.push(item);
    }

    /// Processes an item by awaiting `take`. A dry run only foresees the result.
    async fn outcome(
        &self,
        foresee: impl FnOnce() -> Option<ReplayResult>,
        take: impl Future<Output = Result<ReplayResult, Fault>>,
    ) -> ReplayOutcome {
        if self.is_dry { foresee().into() } else { take.await.into() }
    }
}
