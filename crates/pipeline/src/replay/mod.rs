//! What could not be processed is put back: dead letters, poison, quarantined input, notifications given up.
//!
//! Everything goes to whoever was to take it, with the ids it had, and leaves its place only after it was taken. So a
//! replay that is interrupted at any point can be run again, and one that is run twice changes nothing the second time.

mod dead_letters;
mod given_up;
mod intake;
mod piece;
mod poison;
mod put_back;
mod quarantine;
mod report;
mod wanted;

pub use intake::{Glimpse, Intake, Letter, Taken};
pub use report::{Fate, Item, Replayed, Source};
pub use wanted::Wanted;

use crate::archivist::Archivist;
use crate::ports::Fault;

/// After so many failures in a row nothing more is tried: what fails then is a service, not an item.
const HOPELESS: usize = 3;
/// How many places are asked for at a time.
const PAGE: usize = 100;

/// One run over what could not be processed.
pub struct Replay<'a> {
    archivist: &'a Archivist,
    intake: &'a dyn Intake,
    wanted: &'a Wanted,
    is_dry: bool,
    watch: &'a mut dyn FnMut(&Item),
    failed_in_a_row: usize,
    done: Replayed,
}

impl<'a> Replay<'a> {
    /// A run that changes nothing and says what it would put back. `watch` hears of every item as it comes.
    pub fn dry(
        archivist: &'a Archivist,
        intake: &'a dyn Intake,
        wanted: &'a Wanted,
        watch: &'a mut dyn FnMut(&Item),
    ) -> Self {
        Self { archivist, intake, wanted, is_dry: true, watch, failed_in_a_row: 0, done: Replayed::default() }
    }

    /// The same, putting everything back that is wanted.
    #[must_use]
    pub fn applied(self) -> Self {
        Self { is_dry: false, ..self }
    }

    /// What became of everything.
    pub fn end(self) -> Replayed {
        self.done
    }

    /// Whether nothing more may be begun. Whoever asks has something at hand, which then stays where it is.
    fn is_over(&mut self) -> bool {
        let is_over = self.done.items.len() >= self.wanted.limit || self.failed_in_a_row >= HOPELESS;
        self.done.has_more |= is_over;
        is_over
    }

    fn tell(&mut self, item: Item) {
        self.failed_in_a_row = match item.fate {
            Fate::Failed(_) => self.failed_in_a_row + 1,
            _ => 0,
        };
        (self.watch)(&item);
        self.done.items.push(item);
    }

    /// What becomes of an item that is taken by this call; nothing is called in a dry run.
    async fn fate(&self, take: impl Future<Output = Result<Taken, Fault>>) -> Fate {
        if self.is_dry { Fate::Waits } else { take.await.into() }
    }
}
