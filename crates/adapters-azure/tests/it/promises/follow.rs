//! Following a recording on the storage services: every link is seen, and every request reads.

use std::sync::Arc;

use async_trait::async_trait;
use azurite::Azurite;
use domain::address::BlobAddress;
use domain::decide::follow::{Link, LinkName, LinkState, chain, is_complete};
use domain::decide::posture::MaybeKnown;
use domain::record::delivery::ChannelAnswer;
use domain::record::estate::Estate;
use jiff::SignedDuration;
use pipeline::ports::{Channel, ChannelMessage, FaultKind, Queue, QueueName};
use pipeline::testing::Gate;
use pipeline::{Archivist, NewestBlobs};

use crate::promises::host::HostWork;
use crate::promises::run::{Run, is_write};
use crate::promises::services::LogLines;
use crate::promises::storage::RaisedEvent;
use crate::promises::visits::AzureVisit;
use crate::promises::world::{ACTIVE_AT_MOST, AzureWorld, SETTLE_AFTER, logging, recording};

const NAME: &str = "vm-user";
const LENGTH: SignedDuration = SignedDuration::from_mins(10);
const NEXT_TRY: SignedDuration = SignedDuration::from_mins(2);

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

/// A world, and a follower of its next recording.
struct Followed {
    world: AzureWorld,
    follower: Archivist,
    newest: NewestBlobs,
}

impl Followed {
    async fn new(estate: Estate) -> Self {
        let account = Azurite::shared().unwrap().account().unwrap();
        let lines = LogLines::new(&account);
        let world = AzureWorld::new(&lines, &account, &account, &Run::UNDISTURBED, estate).await;
        let follower = world.follower();
        let mut followed = Self { world, follower, newest: NewestBlobs::default() };
        assert_eq!(followed.next().await, None);
        followed
    }

    async fn next(&mut self) -> Option<BlobAddress> {
        match self.follower.following.next(&mut self.newest).await {
            MaybeKnown::Read(found) => found,
            MaybeKnown::NotReadable(why) => panic!("{why}"),
        }
    }

    async fn record(&mut self) -> (RaisedEvent, BlobAddress) {
        let raised = self.world.storage.write(NAME, 9, self.world.now()).await;
        let at = self.next().await.unwrap();
        assert_eq!(at, raised.address);
        (raised, at)
    }

    async fn links(&self, at: &BlobAddress) -> Vec<Link> {
        chain(&self.follower.following.facts(at).await, self.world.now())
    }

    async fn done(&self, at: &BlobAddress) -> Vec<LinkName> {
        let links = self.links(at).await;
        let done = links.iter().filter(|link| matches!(link.state, LinkState::Done { .. }));
        done.map(|link| link.name).collect()
    }

    /// Returns the only broken link with its observation and fix.
    async fn broken(&self, at: &BlobAddress) -> (LinkName, String) {
        let links = self.links(at).await;
        let mut broken = links.iter().filter_map(|link| match &link.state {
            LinkState::Broken { why, fix } => Some((link.name, format!("{why} -> {fix}"))),
            _ => None,
        });
        let found = broken.next();
        assert_eq!(broken.next(), None);
        found.unwrap_or_else(|| panic!("{links:?}"))
    }

    fn assert_only_read(&self) {
        let calls = self.world.mishaps.labels();
        assert!(!calls.is_empty());
        for call in calls {
            let takes = call.contains("/messages") && !call.contains("peekonly=true");
            assert!(!is_write(&call) && !takes, "{call}");
        }
    }
}

#[tokio::test]
async fn a_recording_is_followed_to_its_notification() {
    use LinkName::{AuditLog, Blob, Entry, Event, Notification, Session, Tags};
    let mut followed = Followed::new(logging()).await;
    let visit = AzureVisit::new("a", followed.world.now(), LENGTH);
    let (_, at) = followed.record().await;
    assert_eq!(followed.done(&at).await, [Blob]);
    followed.world.pass_time(LENGTH);
    let raised = followed.world.storage.write(NAME, 9, followed.world.now()).await;
    followed.world.does(HostWork::Event(raised)).await;
    assert_eq!(followed.done(&at).await, [Blob, Event, Entry, Tags]);
    followed.world.storage.begin_log().await;
    followed.world.storage.grow_log(&visit.over()).await;
    followed.world.pass_time(SETTLE_AFTER * 2);
    followed.world.does(HostWork::Tail).await;
    assert_eq!(followed.done(&at).await, [Blob, Event, Entry, Tags, AuditLog]);
    followed.world.sweep().await;
    assert_eq!(followed.done(&at).await, [Blob, Event, Entry, Tags, AuditLog, Session]);
    followed.world.pass_time(ACTIVE_AT_MOST);
    followed.world.sweep().await;
    assert!(!followed.done(&at).await.contains(&Notification));
    followed.world.deliver_all().await;
    let links = followed.links(&at).await;
    assert!(is_complete(&links), "{links:?}");
    followed.assert_only_read();
}

#[tokio::test]
async fn a_lost_event_is_seen_with_the_places_where_it_may_be() {
    let mut followed = Followed::new(recording()).await;
    let (_, at) = followed.record().await;
    assert_eq!(followed.done(&at).await, [LinkName::Blob]);
    followed.world.pass_time(LENGTH);
    let (link, seen) = followed.broken(&at).await;
    assert_eq!(link, LinkName::Event);
    for place in ["recording-events: 0 messages", "poison queue: 0", "dead letters: unknown", "quarantine: 0"] {
        assert!(seen.contains(place), "{seen}");
    }
    let queues = &followed.world.healthy.queues;
    queues.send(QueueName::RecordingEvents, "{}", SignedDuration::ZERO).await.unwrap();
    let (_, seen) = followed.broken(&at).await;
    assert!(seen.contains("1 messages") && seen.contains("recording_landed does not take its queue"), "{seen}");
    followed.assert_only_read();
}

#[tokio::test]
async fn a_refused_tag_write_is_seen() {
    let mut followed = Followed::new(recording()).await;
    let gate = Arc::new(Gate::open());
    gate.fail("blobs.replace_tags", FaultKind::Refused);
    followed.world.start_behind(&gate, |_| {});
    let (raised, at) = followed.record().await;
    followed.world.does(HostWork::Event(raised)).await;
    followed.world.pass_time(NEXT_TRY);
    followed.world.sweep().await;
    let (link, seen) = followed.broken(&at).await;
    assert!(link == LinkName::Tags && seen.contains("writing them failed 2 times"), "{link:?}: {seen}");
    followed.assert_only_read();
}

#[tokio::test]
async fn a_channel_that_is_off_is_seen() {
    let mut followed = Followed::new(recording()).await;
    let off = |settings: &mut pipeline::ArchivistSettings| {
        settings.channels.insert("siem".to_owned(), Arc::new(Off));
    };
    followed.world.start_behind(&Arc::new(Gate::open()), off);
    let (raised, at) = followed.record().await;
    followed.world.does(HostWork::Event(raised)).await;
    followed.world.pass_time(SETTLE_AFTER * 2);
    followed.world.sweep().await;
    followed.world.pass_time(ACTIVE_AT_MOST);
    followed.world.sweep().await;
    followed.world.deliver_all().await;
    let (link, seen) = followed.broken(&at).await;
    assert!(link == LinkName::Notification && seen.contains("app setting SIEM_URL is not set"), "{link:?}: {seen}");
    followed.assert_only_read();
}
