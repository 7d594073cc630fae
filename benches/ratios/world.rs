//! A made-up bastion whose recordings land one after another, the same ones in every run.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{MemoryBlobs, MemoryCatalogue, MemoryNotifications, MemoryQuarantine, MemoryQueue};
use domain::address::BlobAddress;
use domain::blob::{BlobEvent, ETag, Happening};
use domain::catalogue::Rules;
use domain::estate::{Bastion, BastionName, Estate};
use domain::sequencer::Sequencer;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Catalogue;
use pipeline::testing::TestClock;
use pipeline::{Archivist, Outcome, Ports, Settings};

use crate::Measured;
use crate::watch::{Calls, Watched};

/// When the first recording lands.
pub const START: Timestamp = Timestamp::constant(1_762_334_469, 0);

/// How long an event is on its way.
const HEARD_AFTER: SignedDuration = SignedDuration::from_secs(3);
const SIZE: u64 = 7_340_032;

/// Recordings are counted; a number always stands for the same one.
pub type Number = u32;

/// An archivist, and the storage it watches.
pub struct World {
    pub archivist: Archivist,
    pub ports: Ports,
    pub blobs: Arc<MemoryBlobs>,
    clock: Arc<TestClock>,
}

impl World {
    /// Everything in memory.
    pub fn in_memory() -> Measured<Self> {
        Self::on(Arc::new(MemoryCatalogue::default()))
    }

    /// Entries in this catalogue, all else in memory.
    pub fn on(catalogue: Arc<dyn Catalogue>) -> Measured<Self> {
        let clock = Arc::new(TestClock::at(START + HEARD_AFTER));
        let blobs: Arc<MemoryBlobs> = Arc::default();
        let ports = Ports {
            catalogue,
            blobs: blobs.clone(),
            queue: Arc::new(MemoryQueue::new(clock.clone())),
            notifications: Arc::new(MemoryNotifications::default()),
            quarantine: Arc::new(MemoryQuarantine::default()),
            clock: clock.clone(),
        };
        let archivist = Archivist::new(ports.clone(), settings(estate("stbastionrec01")?));
        Ok(Self { archivist, ports, blobs, clock })
    }

    /// Another archivist in the same world, of which every call of catalogue and blobs is noted.
    pub fn watched(&self) -> Measured<(Archivist, Calls)> {
        let calls = Calls::default();
        let ports = Ports {
            catalogue: Arc::new(Watched { port: self.ports.catalogue.clone(), calls: calls.clone() }),
            blobs: Arc::new(Watched { port: self.ports.blobs.clone(), calls: calls.clone() }),
            ..self.ports.clone()
        };
        Ok((Archivist::new(ports, settings(estate("stbastionrec01")?)), calls))
    }

    /// The recording is there, a second after the one before. Gives the event that tells of it.
    pub fn land(&self, number: Number) -> Measured<Landed> {
        self.land_at(number, START + SignedDuration::from_secs(i64::from(number)))
    }

    /// The recording is there since `at`. Gives the event that tells of it.
    pub fn land_at(&self, number: Number, at: Timestamp) -> Measured<Landed> {
        let address = address(number)?;
        let etag = self.blobs.put(&address, SIZE, at);
        let event = BlobEvent {
            sequencer: sequencer(number)?,
            at,
            what: Happening::Written { etag: Some(etag.clone()), size: SIZE },
        };
        Ok(Landed { address, event, etag })
    }

    /// As [`ingest`], on the clock of this world.
    pub async fn ingest(&self, archivist: &Archivist, landed: &Landed) -> Measured<()> {
        ingest(archivist, &self.clock, landed).await
    }
}

/// Takes in, soon after it was raised, an event that must be new.
pub async fn ingest(archivist: &Archivist, clock: &TestClock, landed: &Landed) -> Measured<()> {
    clock.set(landed.event.at + HEARD_AFTER);
    match archivist.ingest(&landed.address, &landed.event).await? {
        Outcome::Applied => Ok(()),
        Outcome::Ignored(reason) => Err(format!("{} ignored: {}", landed.address, reason.label()).into()),
    }
}

/// A recording that landed.
pub struct Landed {
    pub address: BlobAddress,
    pub event: BlobEvent,
    pub etag: ETag,
}

/// Names come in an order that no index likes; ten million numbers have different ones.
pub fn name(number: Number) -> String {
    format!("vm-{:07}-azureadmin", u64::from(number) * 7_368_787 % 10_000_000)
}

fn address(number: Number) -> Measured<BlobAddress> {
    Ok(BlobAddress::parse("stbastionrec01", "recordings", &name(number))?)
}

/// As storage writes them.
pub fn sequencer(number: Number) -> Measured<Sequencer> {
    let text = format!("00000000000000000000000000001F0A{number:016x}");
    Ok(Sequencer::parse(&text).ok_or("a sequencer is never empty")?)
}

/// One bastion, which records into the container `recordings` of this account.
pub fn estate(account: &str) -> Measured<Estate> {
    let recordings = vec![BlobAddress::parse(account, "recordings", "any")?.container()];
    Ok(Estate { bastions: vec![Bastion { name: BastionName::new("bas-hub-01"), resource_id: None, recordings }] })
}

/// The defaults of the configuration, and nobody to notify.
pub fn settings(estate: Estate) -> Settings {
    Settings { rules: rules(), estate, channels: BTreeMap::new() }
}

pub fn rules() -> Rules {
    Rules {
        settle_after: SignedDuration::from_mins(5),
        active_at_most: SignedDuration::from_hours(12),
        announce_started: false,
    }
}
