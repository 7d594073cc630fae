//! A delivery attempt that takes longer than its claim, so another process repeats it meanwhile.

use std::sync::Arc;

use adapters_local::memory::MemoryLedger;
use async_trait::async_trait;
use domain::decide::context::Rules;
use domain::record::delivery::{CLAIM, ChannelAnswer};
use domain::record::estate::Estate;
use pipeline::message::Attempt;
use pipeline::ports::{Channel, ChannelMessage};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::promises::host::Work;
use crate::promises::outcome::heard;
use crate::promises::world::{ACTIVE_AT_MOST, SETTLE_AFTER, World};
use pipeline::testing::schedule::now;

const CHANNEL: &str = "siem";

/// A channel on which another attempt overtakes the first one before that gets this answer.
struct Slow {
    world: Arc<World>,
    answer: ChannelAnswer,
}

#[async_trait]
impl Channel for Slow {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        self.world.pass_time(CLAIM);
        self.world.archivist().delivery.deliver(&first_attempt(envelope)).await.unwrap();
        self.answer.clone()
    }
}

fn first_attempt(envelope: &ChannelMessage<'_>) -> Attempt {
    Attempt { notification: envelope.id.clone(), channel: CHANNEL.to_owned(), attempt: 1 }
}

/// An archivist with the slow channel.
fn slow_archivist(world: &Arc<World>, answer: ChannelAnswer) -> Archivist {
    let ports = Ports {
        ledger: Arc::<MemoryLedger>::default(),
        catalogue: world.catalogue.clone(),
        sessions: world.sessions.clone(),
        checkpoints: world.checkpoints.clone(),
        blobs: world.blobs.clone(),
        queue: world.queue.clone(),
        notifications: world.notifications.clone(),
        quarantine: world.quarantine.clone(),
        clock: world.clock.clone(),
    };
    let slow: Arc<dyn Channel> = Arc::new(Slow { world: world.clone(), answer });
    let rules = Rules {
        settle_after: SETTLE_AFTER,
        active_at_most: ACTIVE_AT_MOST,
        announce_started: true,
        ..Rules::default()
    };
    let channels = [(CHANNEL.to_owned(), slow)].into();
    Archivist::new(ports, ArchivistSettings { rules, estate: Estate::default(), channels })
}

/// Lets the first attempt to `CHANNEL` be overtaken; returns how often the receiver accepted in the end.
fn accepted(overtaking: Option<ChannelAnswer>, overtaken: ChannelAnswer) -> usize {
    let world = Arc::new(World::new());
    overtaking.into_iter().for_each(|answer| world.receiver.will_answer(answer));
    world.does(&Work::Malformed(b"{"));
    let messages = world.take_messages();
    let attempts = messages.iter().map(|message| Attempt::decode(message.body.as_bytes()).unwrap());
    let attempt = attempts.into_iter().find(|attempt| attempt.channel == CHANNEL).unwrap();
    now(slow_archivist(&world, overtaken).delivery.deliver(&attempt)).unwrap();
    messages.iter().for_each(|message| world.forget(message));
    world.run_to_the_end();
    assert!(heard(&world).len() <= 1);
    world.receiver.accepted().len()
}

fn try_later() -> ChannelAnswer {
    ChannelAnswer::TryLater { reason: "timeout".into(), retry_after: None, overloaded: true }
}

#[test]
fn an_attempt_accepted_meanwhile_is_not_repeated() {
    assert_eq!(accepted(None, try_later()), 1);
    assert_eq!(accepted(None, ChannelAnswer::Refused { reason: "410".into() }), 1);
}

#[test]
fn an_attempt_accepted_late_is_not_repeated() {
    assert_eq!(
        accepted(Some(try_later()), ChannelAnswer::Accepted),
        0,
        "the slow way took it, the receiver's own never did"
    );
}

#[test]
fn overlapping_failed_attempts_schedule_one_retry() {
    assert_eq!(accepted(Some(try_later()), try_later()), 1);
}
