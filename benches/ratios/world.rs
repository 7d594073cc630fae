//! A made-up bastion whose recordings land and whose sessions end one after another, the same in every run.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryBlobs, MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use adapters_local::sqlite::{SqliteCatalogue, SqliteCheckpoints, SqliteSessions, SqliteStore};
use domain::address::BlobAddress;
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::blob::{BlobEvent, ETag, Happening};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::sequencer::Sequencer;
use jiff::{SignedDuration, Timestamp};
use pipeline::audit_log::Landed as Read;
use pipeline::ports::{Catalogue, Checkpoints, Sessions};
use pipeline::testing::TestClock;
use pipeline::{Archivist, ArchivistSettings, Outcome, Ports};

use crate::Measured;
use crate::watch::{CountedCalls, WatchedPorts};

/// Time at which the first recording lands.
pub const START: Timestamp = Timestamp::constant(1_762_334_469, 0);

/// Delivery time of an event.
const RECEIVED_AFTER: SignedDuration = SignedDuration::from_secs(3);
/// Container of the audit logs.
const LOGS: &str = "insights-logs-bastionauditlogs";
const SIZE: u64 = 7_340_032;

/// Number of a recording; the same number is always the same recording.
pub type Number = u32;

/// An archivist with its storage.
pub struct BenchWorld {
    pub archivist: Archivist,
    pub ports: Ports,
    pub blobs: Arc<MemoryBlobs>,
    clock: Arc<TestClock>,
}

impl BenchWorld {
    /// Creates a world in memory.
    pub fn in_memory() -> Measured<Self> {
        let sessions = Arc::new(MemorySessions::default());
        Self::on(Arc::new(MemoryCatalogue::default()), sessions, Arc::new(MemoryCheckpoints::default()))
    }

    /// Creates a world with entries, sessions and checkpoints in this database, and all else in memory.
    pub fn in_sqlite(store: &SqliteStore) -> Measured<Self> {
        let sessions = Arc::new(SqliteSessions::new(store));
        Self::on(Arc::new(SqliteCatalogue::new(store)), sessions, Arc::new(SqliteCheckpoints::new(store)))
    }

    /// Like [`Self::in_sqlite`], but with a retention policy.
    pub fn in_sqlite_under(store: &SqliteStore, policy: Arc<Policy>) -> Measured<Self> {
        let world = Self::in_sqlite(store)?;
        let settings = settings(estate("stbastionrec01")?);
        let rules = Rules { retention: Some(policy), ..settings.rules };
        let archivist = Archivist::new(world.ports.clone(), ArchivistSettings { rules, ..settings });
        Ok(Self { archivist, ..world })
    }

    /// Sets the clock.
    pub fn wait_until(&self, at: Timestamp) {
        self.clock.set(at);
    }

    fn on(
        catalogue: Arc<dyn Catalogue>,
        sessions: Arc<dyn Sessions>,
        checkpoints: Arc<dyn Checkpoints>,
    ) -> Measured<Self> {
        let clock = Arc::new(TestClock::at(START + RECEIVED_AFTER));
        let blobs: Arc<MemoryBlobs> = Arc::default();
        let ports = Ports { catalogue, sessions, checkpoints, blobs: blobs.clone(), ..memory::ports(clock.clone()) };
        let archivist = Archivist::new(ports.clone(), settings(estate("stbastionrec01")?));
        Ok(Self { archivist, ports, blobs, clock })
    }

    /// Returns another archivist in the same world, with recorded calls of catalogue, sessions, checkpoints and blobs.
    pub fn watched(&self) -> Measured<(Archivist, CountedCalls)> {
        let calls = CountedCalls::default();
        let ports = Ports {
            ledger: self.ports.ledger.clone(),
            catalogue: Arc::new(WatchedPorts { port: self.ports.catalogue.clone(), calls: calls.clone() }),
            sessions: Arc::new(WatchedPorts { port: self.ports.sessions.clone(), calls: calls.clone() }),
            checkpoints: Arc::new(WatchedPorts { port: self.ports.checkpoints.clone(), calls: calls.clone() }),
            blobs: Arc::new(WatchedPorts { port: self.ports.blobs.clone(), calls: calls.clone() }),
            ..self.ports.clone()
        };
        Ok((Archivist::new(ports, settings(estate("stbastionrec01")?)), calls))
    }

    /// Writes the recording one second after the previous one. Returns its event.
    pub fn land(&self, number: Number) -> Measured<LandedRecording> {
        self.land_at(number, START + SignedDuration::from_secs(i64::from(number)))
    }

    /// Writes the recording at `at`. Returns its event.
    pub fn land_at(&self, number: Number, at: Timestamp) -> Measured<LandedRecording> {
        let address = address(number)?;
        let etag = self.blobs.put(&address, SIZE, at);
        let event = BlobEvent {
            sequencer: sequencer(number)?,
            at,
            what: Happening::Written { etag: Some(etag.clone()), size: SIZE },
        };
        Ok(LandedRecording { address, event, etag })
    }

    /// Appends the end record of the recording's session to the audit log with number `log`. Returns the log's
    /// address.
    pub fn end_session(&self, log: Number, number: Number, text: &mut String) -> Measured<BlobAddress> {
        let address = BlobAddress::parse("stbastionrec01", LOGS, &format!("{log:08}/PT1H.json"))?;
        text.push_str(&record(number)?);
        self.blobs.write(&address, text.as_bytes(), self.ports.clock.now());
        Ok(address)
    }

    /// Reads the new part of a log. Returns an error unless it changes exactly `sessions` sessions.
    pub async fn read_log(&self, archivist: &Archivist, log: &BlobAddress, sessions: usize) -> Measured<()> {
        match archivist.audit_log.log_landed(log, &|| true).await? {
            Read::Read(read) if read.changed == sessions => Ok(()),
            other => Err(format!("{log} should hold {sessions} sessions, but gives {other:?}").into()),
        }
    }

    /// Calls [`ingest`] with the clock of this world.
    pub async fn ingest(&self, archivist: &Archivist, landed: &LandedRecording) -> Measured<()> {
        ingest(archivist, &self.clock, landed).await
    }
}

/// Ingests an event shortly after it was raised. Returns an error unless the event is new.
pub async fn ingest(archivist: &Archivist, clock: &TestClock, landed: &LandedRecording) -> Measured<()> {
    clock.set(landed.event.at + RECEIVED_AFTER);
    match archivist.recordings.ingest(&landed.address, &landed.event).await? {
        Outcome::Applied => Ok(()),
        Outcome::Ignored(reason) => Err(format!("{} ignored: {}", landed.address, reason.label()).into()),
    }
}

/// A recording that landed.
pub struct LandedRecording {
    pub address: BlobAddress,
    pub event: BlobEvent,
    pub etag: ETag,
}

/// Returns the recording name of a number. Names are not in index order, and ten million numbers give different names.
pub fn name(number: Number) -> String {
    format!("vm-{:07}-azureadmin", u64::from(number) * 7_368_787 % 10_000_000)
}

/// Returns the end record of the session whose recording has this number.
fn record(number: Number) -> Measured<String> {
    let name = name(number);
    let (machine, user) = name.rsplit_once('-').ok_or("a name has an account")?;
    let begins = START + SignedDuration::from_secs(i64::from(number));
    let ends = begins + SignedDuration::from_mins(20);
    Ok(format!(
        concat!(
            r#"{{"time":"{ends}","operationName":"Microsoft.Network/BastionHost/connect","category":"BastionAuditLogs","#,
            r#""properties":{{"userName":"{user}","userEmail":"user{person}@contoso.com","userAgent":"Mozilla/5.0 "#,
            r#"(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","clientIpAddress":"203.0.113.20","#,
            r#""protocol":"ssh","targetResourceId":"/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-3D5F6A7B8C90/"#,
            r#"RESOURCEGROUPS/RG-APP/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/{machine}","message":"Session ended.","#,
            r#""resourceType":"VM","targetVMIPAddress":"10.1.2.4","tunnelId":"5f0c1c1e-7a5e-4a1c-9a55-{number:012}","#,
            r#""sessionStartTime":"{begins}","sessionEndTime":"{ends}","duration":1200000}}}}"#,
            "\n"
        ),
        ends = ends,
        user = user,
        person = number % 900,
        machine = machine,
        number = number,
        begins = begins,
    ))
}

/// Returns the address of the recording.
pub fn address(number: Number) -> Measured<BlobAddress> {
    Ok(BlobAddress::parse("stbastionrec01", "recordings", &name(number))?)
}

/// Returns a sequencer in storage's format.
pub fn sequencer(number: Number) -> Measured<Sequencer> {
    let text = format!("00000000000000000000000000001F0A{number:016x}");
    Ok(Sequencer::parse(&text).ok_or("a sequencer is never empty")?)
}

/// Returns an estate with one bastion that records into the container `recordings` of this account.
pub fn estate(account: &str) -> Measured<Estate> {
    let recordings = vec![BlobAddress::parse(account, "recordings", "any")?.container()];
    Ok(Estate {
        bastions: vec![Bastion {
            name: BastionName::new("bas-hub-01"),
            resource_id: None,
            recordings,
            audit_logs: Some(BlobAddress::parse(account, LOGS, "any")?.container()),
            access_expires: None,
            access_logs: None,
        }],
    })
}

/// Returns the configuration's defaults without channels.
pub fn settings(estate: Estate) -> ArchivistSettings {
    ArchivistSettings { rules: rules(), estate, channels: BTreeMap::new() }
}

pub fn rules() -> Rules {
    Rules::default()
}
