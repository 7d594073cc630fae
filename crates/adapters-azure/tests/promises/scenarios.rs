//! What happens to a few recordings.
//!
//! What another scenario goes through with mishaps is undisturbed. Also, tags that could not be recorded before their
//! blob went are never known, so there an entry may tell less.

use domain::delivery::Answer;
use jiff::SignedDuration;
use pipeline::ports::{Queue, QueueName};

use crate::host::Work;
use crate::world::{ACTIVE_AT_MOST, SETTLE_AFTER, World};

const NAME: &str = "vm-user";
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// From the event to final, which is told.
    NewRecording,
    /// Two lives that were taken for one.
    LateDelete,
    /// A settled recording is written anew.
    Rewrite,
    /// What the host gave up goes into quarantine, which is told.
    Poison,
    /// A receiver takes a notification at the second attempt only.
    FailedDelivery,
}

impl Scenario {
    pub async fn play(self, world: &World) {
        match self {
            Self::NewRecording => new_recording(world).await,
            Self::LateDelete => late_delete(world).await,
            Self::Rewrite => rewrite(world).await,
            Self::Poison => poison(world).await,
            Self::FailedDelivery => failed_delivery(world).await,
        }
    }
}

async fn write(world: &World, size: u64) -> Work {
    Work::Event(world.storage.write(NAME, size, world.now()).await)
}

async fn delete(world: &World) -> Work {
    Work::Event(world.storage.delete(NAME, world.now()).await)
}

async fn new_recording(world: &World) {
    world.disturb();
    world.does(write(world, 9).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
    world.pass_time(ACTIVE_AT_MOST);
    world.sweep().await;
    world.deliver_all().await;
}

async fn late_delete(world: &World) {
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

async fn rewrite(world: &World) {
    world.does(write(world, 9).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
    world.disturb();
    world.does(write(world, 10).await).await;
    world.pass_time(SETTLE_AFTER * 2);
    world.sweep().await;
}

async fn poison(world: &World) {
    world.disturb();
    let at_once = SignedDuration::ZERO;
    world.healthy.queues.send(QueueName::RecordingEventsPoison, "{ not JSON", at_once).await.unwrap();
    world.sweep().await;
    world.deliver_all().await;
}

async fn failed_delivery(world: &World) {
    let busy = Answer::TryLater { reason: "503".into(), retry_after: None, overloaded: false };
    world.receivers[0].will_answer(busy);
    world.does(write(world, 9).await).await;
    world.pass_time(PAUSE);
    world.disturb();
    world.does(delete(world).await).await;
    world.deliver_all().await;
    world.pass_time(PAUSE);
    world.deliver_what_waited().await;
}
