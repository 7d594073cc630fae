use std::sync::Arc;

use adapters_local::memory::{self, MemoryBlobs};
use async_trait::async_trait;
use domain::address::ContainerAddress;
use domain::decide::context::Rules;
use domain::record::blob::{BlobEvent, ETag, Happening};
use domain::record::delivery::ChannelAnswer;
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::sequencer::Sequencer;
use insta::assert_snapshot;
use pipeline::message::Attempt;
use pipeline::ports::{Channel, ChannelMessage, Clock, FaultKind, Ports, QueueName};
use pipeline::testing::{Gate, LoopbackReceiver, TestClock};
use pipeline::{Archivist, ArchivistSettings};

use super::*;

const NAME: &str = "vm-web-01-azureadmin";

/// An app in memory, and a follower behind a gate that counts its calls.
struct World {
    clock: Arc<TestClock>,
    blobs: Arc<MemoryBlobs>,
    ports: Ports,
    /// Gate of the app.
    app: Arc<Gate>,
    /// Gate of the follower.
    gate: Arc<Gate>,
    channel: Arc<dyn Channel>,
}

/// Channel without its app setting.
struct Off;

#[async_trait]
impl Channel for Off {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        ChannelAnswer::Refused { reason: "off".to_owned() }
    }

    fn off(&self) -> Option<&str> {
        Some("app setting SIEM_URL is not set")
    }
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(TestClock::default());
        let blobs = Arc::<MemoryBlobs>::default();
        blobs.create_container(&container());
        blobs.put(&container().blob(BlobName::parse("vm-old-user").unwrap()), 7, clock.now());
        let shared: Arc<dyn Clock> = clock.clone();
        let ports = Ports { blobs: blobs.clone(), ..memory::ports(shared) };
        clock.advance(SignedDuration::from_hours(1));
        let channel = Arc::<LoopbackReceiver>::default();
        Self { clock, blobs, ports, app: Arc::default(), gate: Arc::default(), channel }
    }

    fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        let rules = Rules { active_at_most: SignedDuration::from_mins(30), ..Rules::default() };
        let channels = [("siem".to_owned(), self.channel.clone())].into();
        Archivist::new(gate.around(&self.ports), ArchivistSettings { rules, estate: estate(), channels })
    }

    fn record(&self) -> BlobEvent {
        self.blobs.put(&container().blob(BlobName::parse(NAME).unwrap()), 9_000, self.clock.now());
        let what = Happening::Written { etag: None::<ETag>, size: 9_000 };
        BlobEvent { sequencer: Sequencer::parse("01").unwrap(), at: self.clock.now(), what }
    }

    /// Takes an event, sweeps, and makes every attempt to deliver.
    async fn work(&self, event: Option<&BlobEvent>) {
        let app = self.archivist(&self.app);
        if let Some(event) = event {
            let at = container().blob(BlobName::parse(NAME).unwrap());
            app.recordings.ingest(&at, event).await.unwrap();
        }
        app.due_work.sweep(&|| true).await.unwrap();
        let hidden = SignedDuration::from_secs(30);
        for message in self.ports.queue.receive(QueueName::Notifications, 9, hidden).await.unwrap() {
            app.delivery.deliver(&Attempt::decode(message.body.as_bytes()).unwrap()).await.unwrap();
            self.ports.queue.delete(QueueName::Notifications, &message.receipt).await.unwrap();
        }
    }

    /// Follows the next recording, which is made at the first pause. Its event is taken at the second if `delivers`.
    fn follow(&self, delivers: bool, as_json: bool) -> (Exit, String, String) {
        let (mut out, mut err, mut pauses) = (Vec::new(), Vec::new(), 0);
        let wanted = Wanted { name: None, timeout: SignedDuration::from_hours(2), as_json };
        let following = self.archivist(&self.gate).following;
        let mut event = None;
        let pause = async |wait: Duration| {
            self.clock.advance(SignedDuration::try_from(wait).unwrap());
            pauses += 1;
            match pauses {
                1 => event = Some(self.record()),
                _ => self.work(event.take().filter(|_| delivers).as_ref()).await,
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let exit =
            runtime.block_on(run(&wanted, &following, pause, std::future::pending(), &mut out, &mut err)).unwrap();
        (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    /// Fails if the follower made any call but these, all of which read.
    fn assert_only_read(&self) {
        const READS: [&str; 9] = [
            "blobs.list", "blobs.properties", "blobs.tags", "catalogue.list", "catalogue.lives", "checkpoints.get",
            "dead_letters.list", "notifications.get", "quarantine.since",
        ];
        let calls = self.gate.calls();
        assert!(calls.contains_key("blobs.list") && calls.contains_key("catalogue.lives"), "{calls:?}");
        let others: Vec<_> = calls.keys().filter(|call| !READS.contains(call)).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}

fn estate() -> Estate {
    let recordings = vec![container()];
    let name = BastionName::new("bas-hub-01");
    Estate {
        bastions: vec![Bastion {
            name,
            resource_id: None,
            recordings,
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        }],
    }
}

#[test]
fn the_next_recording_is_followed_to_its_notification() {
    let world = World::new();
    let (exit, out, err) = world.follow(true, false);
    assert_eq!((exit, err.as_str()), (Exit::Done, "the chain is complete\n"), "{out}");
    assert_snapshot!(out);
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    world.assert_only_read();
}

#[test]
fn the_json_document_holds_every_link() {
    let world = World::new();
    let (exit, out, _) = world.follow(true, true);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, document["recording"]["name"].as_str()), (Exit::Done, Some(NAME)));
    let states: Vec<_> = document["links"].as_array().unwrap().iter().map(|link| link["state"].clone()).collect();
    assert_eq!(states, ["done", "done", "done", "done", "not_used", "not_used", "done"], "{document}");
}

#[test]
fn a_lost_event_breaks_the_chain_after_ten_minutes() {
    let world = World::new();
    let (exit, out, err) = world.follow(false, false);
    assert_eq!((exit, err.as_str()), (Exit::Findings, "broken: event\n"), "{out}");
    assert_snapshot!(out);
    world.assert_only_read();
}

#[test]
fn a_refused_tag_write_breaks_the_chain() {
    let world = World::new();
    world.app.fail("blobs.replace_tags", FaultKind::Refused);
    let (exit, out, err) = world.follow(true, false);
    assert_eq!((exit, err.as_str()), (Exit::Findings, "broken: tags\n"), "{out}");
    assert!(out.contains("tags/write"), "{out}");
    world.assert_only_read();
}

#[test]
fn a_channel_that_is_off_breaks_the_chain() {
    let world = World { channel: Arc::new(Off), ..World::new() };
    let (exit, out, err) = world.follow(true, false);
    assert_eq!((exit, err.as_str()), (Exit::Findings, "broken: notification\n"), "{out}");
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("app setting SIEM_URL is not set"), "{out}");
    world.assert_only_read();
}

#[test]
fn an_unreadable_container_is_unknown_and_ends_with_an_outside_failure() {
    let world = World::new();
    world.gate.fail("blobs.list", FaultKind::Refused);
    let (exit, out, err) = world.follow(true, false);
    assert_eq!(exit, Exit::OutsideFailed, "{out}");
    assert!(err.contains("unknown: blob") && !out.contains("broken"), "{out}{err}");
}

#[test]
fn without_a_recording_the_time_runs_out() {
    let world = World::new();
    let wanted = Wanted { name: None, timeout: SignedDuration::from_mins(1), as_json: false };
    let following = world.archivist(&world.gate).following;
    let pause = async |wait: Duration| world.clock.advance(SignedDuration::try_from(wait).unwrap());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let exit = runtime.block_on(run(&wanted, &following, pause, std::future::pending(), &mut out, &mut err)).unwrap();
    assert_eq!(exit, Exit::Findings);
    assert!(String::from_utf8(err).unwrap().starts_with("the time ran out, waiting: blob"));
}

#[test]
fn an_interrupted_follower_prints_the_links_reached_so_far() {
    let world = World::new();
    let wanted = Wanted { name: None, timeout: SignedDuration::from_hours(2), as_json: true };
    let following = world.archivist(&world.gate).following;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (mut stop, mut pauses) = (Some(stop), 0);
    // The recording is made at the first pause, and seen after it; the second pause never ends.
    let pause = async |wait: Duration| {
        world.clock.advance(SignedDuration::try_from(wait).unwrap());
        pauses += 1;
        if pauses == 1 {
            world.record();
        } else {
            drop(stop.take());
            std::future::pending::<()>().await;
        }
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stopped = async { drop(stopped.await) };
    let exit = runtime.block_on(run(&wanted, &following, pause, stopped, &mut out, &mut err)).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((exit, &document["interrupted"]), (Exit::Findings, &true.into()), "{document}");
    assert_eq!((&document["recording"]["name"], &document["links"][0]["state"]), (&NAME.into(), &"done".into()));
    let err = String::from_utf8(err).unwrap();
    assert!(err.starts_with("interrupted, waiting: event") && err.contains("--follow 'vm-web-01"), "{err}");
    world.assert_only_read();
}
