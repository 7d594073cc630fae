//! A world with unprocessed input, and replaying it.

use std::sync::Arc;

use adapters_local::memory::MemoryDeadLetters;
use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use jiff::Timestamp;
use pipeline::ports::{DeadLetters, Fault, Notifications, QueueName};
use pipeline::replay::{InputSummary, Intake, Letter, Replay, ReplayResult, ReplaySelection, Replayed};
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;
use pipeline::{Archivist, Outcome};

use crate::promises::outcome::{poison, quarantined};
use crate::promises::storage::Raised;
use crate::promises::world::World;

/// Place of unprocessed input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    File,
    Notification,
    Poison,
    Quarantine,
}

/// Inputs are numbers: `0` is the first event, and so on. Any other text is broken.
pub struct Desk {
    pub world: World,
    pub letters: MemoryDeadLetters,
    pub events: Vec<Raised>,
}

/// Parses inputs as the functions parse theirs.
struct Numbers {
    archivist: Archivist,
    events: Vec<Raised>,
}

impl Numbers {
    fn event(&self, raw: &[u8]) -> Option<&Raised> {
        let first = str::from_utf8(raw).ok()?.split(' ').next()?;
        self.events.get(first.parse::<usize>().ok()?)
    }

    fn summary(&self, raw: &[u8]) -> InputSummary {
        let name = self.event(raw).map(|raised| raised.address.name.as_str().to_owned());
        InputSummary { kind: Some("test.written".to_owned()), name }
    }
}

#[async_trait]
impl Intake for Numbers {
    fn look(&self, _: &str, raw: &[u8]) -> Vec<InputSummary> {
        vec![self.summary(raw)]
    }

    fn letters<'a>(&self, file: &'a [u8]) -> Vec<Letter<'a>> {
        let letter = |raw| Letter { raw, summary: self.summary(raw), at: None, reason: "NotFound".to_owned() };
        file.split(|byte| *byte == b',').map(letter).collect()
    }

    async fn take(&self, origin: &str, raw: &[u8]) -> Result<ReplayResult, Fault> {
        if origin != "recording_landed" {
            return Ok(ReplayResult::Refused(format!("nobody is called {origin}")));
        }
        self.take_letter(raw).await
    }

    async fn take_letter(&self, raw: &[u8]) -> Result<ReplayResult, Fault> {
        let Some(raised) = self.event(raw) else {
            return Ok(ReplayResult::Refused("broken".to_owned()));
        };
        Ok(match self.archivist.recordings.ingest(&raised.address, &raised.event).await? {
            Outcome::Applied => ReplayResult::Applied,
            Outcome::Ignored(reason) => ReplayResult::Ignored(reason.label()),
        })
    }
}

pub fn everything() -> ReplaySelection {
    ReplaySelection { since: None, until: None, kind: None, name: None, limit: usize::MAX }
}

impl Desk {
    /// Creates a world without quarantined input, whose events have not arrived.
    pub fn new() -> Self {
        let world = World::new();
        let events = (0..4).map(|n| world.write(&format!("vm-{n}"), 9)).collect();
        Self { world, letters: MemoryDeadLetters::default(), events }
    }

    /// Like [`new`](Self::new), with two announced items in this place.
    pub fn filled(place: Place) -> Self {
        let desk = Self::new();
        for n in ["0", "1"] {
            match place {
                Place::File => desk.leave(&format!("{n}.json"), &[n]),
                Place::Poison => desk.world.give_up(QueueName::RecordingEvents, n),
                Place::Quarantine | Place::Notification => {
                    drop(
                        now(desk.world.archivist().quarantined.quarantine(n.as_bytes(), "x", "recording_landed"))
                            .unwrap(),
                    );
                }
            }
        }
        if place == Place::Notification {
            for _ in 0..2 {
                desk.world.receiver.will_answer(ChannelAnswer::Refused { reason: "HTTP 410".to_owned() });
            }
            desk.world.deliver_all();
        }
        desk
    }

    /// Writes a file of these inputs.
    pub fn leave(&self, name: &str, inputs: &[&str]) {
        self.letters.put(name, inputs.join(",").as_bytes(), self.world.now());
    }

    /// Number of items in a place.
    pub fn waiting(&self, place: Place) -> usize {
        match place {
            Place::File => now(self.letters.list(None, usize::MAX)).unwrap().len(),
            Place::Notification => now(self.world.notifications.given_up(Timestamp::MIN, None, 99)).unwrap().len(),
            Place::Poison => poison(&self.world),
            Place::Quarantine => quarantined(&self.world).len(),
        }
    }

    pub fn replay(&self, place: Place, gate: &Arc<Gate>) -> Replayed {
        self.try_replay(place, gate, &everything()).unwrap()
    }

    pub fn try_replay(&self, place: Place, gate: &Arc<Gate>, wanted: &ReplaySelection) -> Result<Replayed, Fault> {
        now(self.run(place, gate, wanted, true))
    }

    pub fn dry(&self, place: Place, gate: &Arc<Gate>, wanted: &ReplaySelection) -> Replayed {
        now(self.run(place, gate, wanted, false)).unwrap()
    }

    /// Async form, for a schedule that chooses the order of polls.
    pub async fn run(
        &self,
        place: Place,
        gate: &Arc<Gate>,
        wanted: &ReplaySelection,
        is_applied: bool,
    ) -> Result<Replayed, Fault> {
        let archivist = self.world.archivist_behind(gate);
        let letters: Arc<dyn DeadLetters> = Arc::new(self.letters.clone());
        let letters = gate.around_dead_letters(&letters);
        let intake = Numbers { archivist: archivist.clone(), events: self.events.clone() };
        let mut seen = 0;
        let mut watch = |_: &pipeline::replay::ReplayItem| seen += 1;
        let mut replay = Replay::dry(&archivist.replay, &intake, wanted, &mut watch);
        if is_applied {
            replay = replay.applied();
        }
        match place {
            Place::File => replay.dead_letters(letters.as_ref()).await?,
            Place::Notification => replay.given_up().await?,
            Place::Poison => replay.poison().await?,
            Place::Quarantine => replay.quarantine().await?,
        }
        let replayed = replay.end();
        assert_eq!(seen, replayed.items.len());
        Ok(replayed)
    }
}
