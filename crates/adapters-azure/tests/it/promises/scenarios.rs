//! Scenarios of a few recordings.
//!
//! Steps that another scenario covers with failures run undisturbed here. If a blob is deleted before its tags are
//! recorded, the tags are never known, so an entry may then hold less.

use domain::record::delivery::ChannelAnswer;
use domain::record::estate::Estate;
use jiff::SignedDuration;
use pipeline::ports::{Queue, QueueName};

use crate::promises::host::HostWork;
use crate::promises::visits::{AzureVisit, BROKEN};
use crate::promises::world::{ACTIVE_AT_MOST, AzureWorld, SETTLE_AFTER, logging, recording};

const NAME: &str = "vm-user";
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// From the event to final, with its notification.
    NewRecording,
    /// Two lives taken for one.
    LateDelete,
    /// A settled recording is rewritten.
    Rewrite,
    /// A poison message goes into quarantine, with its notification.
    Poison,
    /// A receiver accepts a notification only at the second attempt.
    FailedDelivery,
    /// A log has grown after it was read and holds a broken line, with its notification.
    GrownLog,
    /// A session is matched with its recording, with its notification.
    Match,
}

impl Scenario {
    pub const ALL: [Self; 7] = [
        Self::NewRecording,
        Self::LateDelete,
        Self::Rewrite,
        Self::Poison,
        Self::FailedDelivery,
        Self::GrownLog,
        Self::Match,
    ];

    pub fn estate(self) -> Estate {
        if matches!(self, Self::GrownLog | Self::Match) {
            logging()
        } else {
            recording()
        }
    }

    pub async fn play(self, world: &AzureWorld) {
        match self {
            Self::NewRecording => new_recording(world).await,
            Self::LateDelete => late_delete(world).await,
            Self::Rewrite => rewrite(world).await,
            Self::Poison => poison(world).await,
            Self::FailedDelivery => failed_delivery(world).await,
            Self::GrownLog => grown_log(world).await,
            Self::Match => meet(world).await,
        }
    }
}

async fn write(world: &AzureWorld, size: u64) -> HostWork {
    HostWork::Event(world.storage.write(NAME, size, world.now()).await)
}

async fn delete(world: &AzureWorld) -> HostWork {
    HostWork::Event(world.storage.delete(NAME, world.now()).await)
}

async fn new_recording(world: &AzureWorld) {
    world.disturb();
    world.does(write(world, 9).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
    world.pass_time(ACTIVE_AT_MOST);
    world.sweep().await;
    world.deliver_all().await;
}

async fn late_delete(world: &AzureWorld) {
    world.does(write(world, 9).await).await;
    world.pass_time(PAUSE);
    let deleted = delete(world).await;
    world.pass_time(PAUSE);
    world.does(write(world, 10).await).await;
    world.pass_time(PAUSE);
    world.disturb();
    world.does(deleted).await;
    world.deliver_all().await;
}

async fn rewrite(world: &AzureWorld) {
    world.does(write(world, 9).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
    world.disturb();
    world.does(write(world, 10).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
}

async fn poison(world: &AzureWorld) {
    world.disturb();
    let at_once = SignedDuration::ZERO;
    world.healthy.queues.send(QueueName::RecordingEventsPoison, "{ not JSON", at_once).await.unwrap();
    world.sweep().await;
    world.deliver_all().await;
}

async fn failed_delivery(world: &AzureWorld) {
    let busy = ChannelAnswer::TryLater { reason: "503".into(), retry_after: None, overloaded: false };
    world.receivers[0].will_answer(busy);
    world.does(write(world, 9).await).await;
    world.pass_time(PAUSE);
    world.disturb();
    world.does(delete(world).await).await;
    world.deliver_all().await;
    world.pass_time(PAUSE);
    world.deliver_what_waited().await;
}

async fn grown_log(world: &AzureWorld) {
    let visit = |tunnel| AzureVisit::new(tunnel, world.now(), PAUSE);
    let text = [visit("a").begun(), visit("b").begun(), BROKEN.into(), visit("a").over(), visit("c").failed()].concat();
    let (first, rest) = text.split_at(visit("a").begun().len() * 3 / 2);
    world.storage.begin_log().await;
    world.storage.grow_log(first).await;
    world.does(HostWork::Tail).await;
    world.pass_time(PAUSE);
    world.storage.grow_log(rest).await;
    world.disturb();
    world.does(HostWork::Tail).await;
}

async fn meet(world: &AzureWorld) {
    let visit = AzureVisit::new("a", world.now(), PAUSE * 20);
    write(world, 1).await;
    world.pass_time(PAUSE * 20);
    world.does(write(world, 9).await).await;
    world.storage.begin_log().await;
    world.storage.grow_log(&visit.over()).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.disturb();
    world.does(HostWork::Tail).await;
    world.sweep().await;
}
