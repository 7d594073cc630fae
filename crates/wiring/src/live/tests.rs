//! Configurations that change at run time.

use std::collections::BTreeMap;
use std::sync::Mutex as StdMutex;

use adapters_local::memory::{self, MemoryQueue};
use async_trait::async_trait;
use configuration::AppPlace;
use domain::decide::context::Rules;
use domain::record::estate::Estate;
use pipeline::message::Attempt;
use pipeline::ports::{Channel, Fault, Queue, QueueName};
use pipeline::testing::{LoopbackReceiver, TestClock};
use pipeline::{ArchivistSettings, Ports};

use super::*;

/// In-memory configuration with its text, a read counter and the versions kept.
#[derive(Default)]
struct Kept {
    text: StdMutex<String>,
    reads: StdMutex<usize>,
    kept: StdMutex<Vec<String>>,
}

#[async_trait]
impl ConfigurationSource for Kept {
    async fn read(&self, known: Option<&str>) -> Result<ConfigurationRead, Fault> {
        *self.reads.lock().unwrap() += 1;
        let text = self.text.lock().unwrap().clone();
        let tag = digest(&text);
        Ok(if known == Some(&tag) {
            ConfigurationRead::Same
        } else {
            ConfigurationRead::Text(TaggedText { text, tag })
        })
    }

    async fn replace(&self, _: Option<&str>, _: &str) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn keep(&self, _: &str, text: &str) -> Result<(), Fault> {
        self.kept.lock().unwrap().push(text.to_owned());
        Ok(())
    }

    async fn last_good(&self) -> Result<Option<String>, Fault> {
        Ok(self.kept.lock().unwrap().last().cloned())
    }
}

/// An archivist with the receiver as its only channel.
struct World {
    source: Arc<Kept>,
    clock: Arc<TestClock>,
    receiver: Arc<LoopbackReceiver>,
    queue: Arc<MemoryQueue>,
    live: LiveArchivist,
}

fn archivist(clock: &Arc<TestClock>, queue: &Arc<MemoryQueue>, receiver: &Arc<LoopbackReceiver>) -> Archivist {
    let ports = Ports { queue: queue.clone(), ..memory::ports(clock.clone()) };
    let channels: BTreeMap<String, Arc<dyn Channel>> = BTreeMap::from([("only".to_owned(), receiver.clone() as _)]);
    Archivist::new(ports, ArchivistSettings { rules: Rules::default(), estate: Estate::default(), channels })
}

/// Starts with the text `one`. Every other text is valid except `wrong`.
fn world() -> World {
    let clock = Arc::new(TestClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
    let (queue, receiver) = (Arc::new(MemoryQueue::new(clock.clone())), Arc::<LoopbackReceiver>::default());
    let source = Arc::new(Kept { text: StdMutex::new("one".to_owned()), ..Kept::default() });
    let (text, tag) = ("one".to_owned(), digest("one"));
    let shared = Shared {
        source: source.clone(),
        digest: tag.clone(),
        tag: Some(tag),
        text,
        place: AppPlace::AsSet,
        refused: None,
    };
    let made = archivist(&clock, &queue, &receiver);
    let anew = made.clone();
    let make = move |text: &str| match text {
        "wrong" => Err("archivist.yaml:1: it is wrong".to_owned()),
        right => Ok(anew.clone().under(&digest(right))),
    };
    let live = LiveArchivist::shared(made.under(&shared.digest), &shared, clock.clone(), Box::new(make));
    World { source, clock, receiver, queue, live }
}

impl World {
    /// Changes the text, and advances the clock by a minute.
    async fn push(&self, text: &str) -> Arc<Archivist> {
        text.clone_into(&mut self.source.text.lock().unwrap());
        self.clock.advance(SignedDuration::from_mins(1));
        self.live.archivist().await
    }

    /// Returns the types of the notifications sent, each with its configuration digest.
    async fn told(&self) -> Vec<(String, String)> {
        let archivist = self.live.archivist().await;
        for message in self.queue.receive(QueueName::Notifications, 32, SignedDuration::from_mins(5)).await.unwrap() {
            archivist.delivery.deliver(&Attempt::decode(message.body.as_bytes()).unwrap()).await.unwrap();
        }
        let read = |body: &str| -> serde_json::Value { serde_json::from_str(body).unwrap() };
        let bodies = self.receiver.accepted().into_iter().map(|received| read(&received.body));
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        bodies.map(|body| (text(&body["type"]), text(&body["data"]["configuration"]))).collect()
    }
}

#[tokio::test]
async fn a_new_version_is_applied_within_a_minute_and_reported() {
    let world = world();
    world.push("two").await;
    assert_eq!(*world.source.kept.lock().unwrap(), ["two"]);
    assert_eq!(world.told().await, [("posture.changed".to_owned(), digest("two"))]);
}

#[tokio::test]
async fn a_wrong_version_is_reported_once_and_not_applied() {
    let world = world();
    for _ in 0..3 {
        world.push("wrong").await;
    }
    assert!(world.source.kept.lock().unwrap().is_empty());
    assert_eq!(world.told().await, [("posture.finding".to_owned(), digest("one"))]);
}

#[tokio::test]
async fn an_unchanged_version_costs_one_read_per_half_minute() {
    let world = world();
    for _ in 0..100 {
        world.live.archivist().await;
        world.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(*world.source.reads.lock().unwrap(), 3);
    assert_eq!(world.told().await, []);
}

#[tokio::test]
async fn a_start_keeps_the_version_that_it_took() {
    let world = world();
    let (text, tag) = ("one".to_owned(), digest("one"));
    let shared = Shared {
        source: world.source.clone(),
        digest: tag.clone(),
        tag: Some(tag),
        text,
        place: AppPlace::AsSet,
        refused: None,
    };
    world.live.began(&shared).await;
    assert_eq!(*world.source.kept.lock().unwrap(), ["one"]);
}
