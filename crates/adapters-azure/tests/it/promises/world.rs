//! One storage account, one archivist, two receivers and the clock.

use std::sync::{Arc, Mutex};

use adapters_azure::AzurePosture;
use adapters_azure::testing::Mishaps;
use azure_core::http::Url;
use azurite::Account;
use domain::decide::context::Rules;
use domain::record::accessor::KnownIdentities;
use domain::record::estate::{AccessLogs, Bastion, BastionName, Estate};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Channel, Clock};
use pipeline::posture::Watch;
use pipeline::testing::{Gate, LoopbackReceiver, TestClock};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::promises::receiver::Way;
use crate::promises::run::{Recovery, Run};
use crate::promises::services::{LogLines, Services};
use crate::promises::storage::{PromiseStorage, container};
use crate::promises::takings::Takings;
use crate::promises::visits::{RESOURCE_ID, logs};

pub const ACTIVE_AT_MOST: SignedDuration = SignedDuration::from_hours(12);
pub const SETTLE_AFTER: SignedDuration = SignedDuration::from_mins(5);

pub struct AzureWorld {
    pub estate: Estate,
    pub clock: Arc<TestClock>,
    pub storage: PromiseStorage,
    /// Named `siem` and `topic`.
    pub receivers: [Arc<LoopbackReceiver>; 2],
    pub mishaps: Arc<Mishaps>,
    disturbed: Services,
    /// Setup of the state, read through the same failures.
    posture: Arc<AzurePosture>,
    pub recovery: Recovery,
    /// The same services without failures, used by the host.
    pub healthy: Services,
    pub(crate) takings: Arc<Takings>,
    pub(crate) archivist: Mutex<Archivist>,
}

impl AzureWorld {
    /// Creates a world at 2026-03-02T09:00:00.104Z with empty services. The archivist reaches them at `front`, with
    /// the failures of `run`.
    pub async fn new(lines: &LogLines, account: &Account, front: &Account, run: &Run, estate: Estate) -> Self {
        let lines = lines.clone();
        let storage = PromiseStorage::new(account, lines.of_others).await;
        let (mishaps, takings) = (Arc::new(run.mishaps()), Arc::new(Takings::default()));
        let [retrying, once] = [&lines.retrying, &lines.once].map(|line| line.to(account));
        let healthy = Services::new(account, &retrying.clone().with_policy(storage.dates.clone()));
        let access = if run.retries { retrying } else { once };
        // Closer to the transport than the failures, so it also sees lost answers.
        let access = access.with_policy(mishaps.clone()).with_policy(takings.clone());
        let access = access.with_policy(storage.dates.clone());
        let mut disturbed = Services::new(front, &access);
        let blob_url = Url::parse(&front.blob_url).unwrap();
        let posture =
            Arc::new(AzurePosture::default().with_state(&access, &blob_url, disturbed.queues.clone()).unwrap());
        let through_front = Arc::into_inner(disturbed.blobs).unwrap();
        disturbed.blobs = Arc::new(through_front.known_as(&healthy.blobs));
        healthy.tables.create().await.unwrap();
        healthy.queues.create().await.unwrap();
        healthy.quarantine.create().await.unwrap();
        let clock = Arc::new(TestClock::at(Timestamp::from_millisecond(1_772_442_000_104).unwrap()));
        let receivers: [Arc<LoopbackReceiver>; 2] = Default::default();
        let archivist = Mutex::new(archivist(&estate, &healthy, &clock, &receivers, &Arc::default()));
        let recovery = run.recovery;
        Self { estate, clock, storage, receivers, mishaps, disturbed, posture, recovery, healthy, takings, archivist }
    }

    /// True if the bastion writes an audit log.
    pub fn has_log(&self) -> bool {
        self.estate.bastions.iter().any(|bastion| bastion.audit_logs.is_some())
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn pass_time(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Number of notifications a receiver accepted again.
    pub fn repeats(&self) -> usize {
        self.receivers.iter().map(|receiver| receiver.repeats()).sum()
    }

    /// Begins to inject failures and to count calls.
    pub fn disturb(&self) {
        *self.archivist.lock().unwrap() = self.archivist_on(&self.disturbed, &self.mishaps);
    }

    /// Restarts the archivist without failures.
    pub fn start_again(&self) {
        *self.archivist.lock().unwrap() = self.archivist_on(&self.healthy, &Arc::default());
    }

    /// Creates an archivist that only follows recordings. Its requests are counted.
    pub fn follower(&self) -> Archivist {
        let watch = Watch { posture: self.posture.clone(), expected: Vec::new(), live: None };
        self.archivist_on(&self.disturbed, &self.mishaps).with_watch(watch)
    }

    /// Restarts the archivist behind `gate`, with changed settings.
    pub fn start_behind(&self, gate: &Arc<Gate>, change: impl FnOnce(&mut ArchivistSettings)) {
        let mut settings = settings(&self.estate, &self.receivers, &Arc::default());
        change(&mut settings);
        let ports = gate.around(&ports(&self.healthy, &self.clock));
        *self.archivist.lock().unwrap() = Archivist::new(ports, settings);
    }

    /// Creates an archivist of this world on these services; its channels stop once `mishaps` kills the process.
    pub fn archivist_on(&self, services: &Services, mishaps: &Arc<Mishaps>) -> Archivist {
        archivist(&self.estate, services, &self.clock, &self.receivers, mishaps)
    }
}

/// A bastion that records.
pub fn recording() -> Estate {
    let name = BastionName::new("bas");
    let recordings = vec![container()];
    let bastion =
        Bastion { name, resource_id: None, recordings, audit_logs: None, access_expires: None, access_logs: None };
    Estate { bastions: vec![bastion] }
}

/// A bastion that records and writes an audit log.
pub fn logging() -> Estate {
    let mut estate = recording();
    for bastion in &mut estate.bastions {
        (bastion.resource_id, bastion.audit_logs) = (Some(RESOURCE_ID.to_owned()), Some(logs()));
    }
    estate
}

/// A bastion that records and writes an audit log, and whose recordings' accesses are logged.
pub fn access_logging() -> Estate {
    let mut estate = logging();
    for bastion in &mut estate.bastions {
        bastion.access_logs = Some(AccessLogs { account: container().account, known: KnownIdentities::default() });
    }
    estate
}

fn archivist(
    estate: &Estate,
    services: &Services,
    clock: &Arc<TestClock>,
    receivers: &[Arc<LoopbackReceiver>; 2],
    mishaps: &Arc<Mishaps>,
) -> Archivist {
    Archivist::new(ports(services, clock), settings(estate, receivers, mishaps))
}

fn ports(services: &Services, clock: &Arc<TestClock>) -> Ports {
    Ports {
        ledger: services.ledger.clone(),
        catalogue: services.catalogue.clone(),
        sessions: services.sessions.clone(),
        checkpoints: services.checkpoints.clone(),
        blobs: services.blobs.clone(),
        queue: services.queues.clone(),
        notifications: services.notifications.clone(),
        quarantine: services.quarantine.clone(),
        clock: clock.clone(),
    }
}

fn settings(estate: &Estate, receivers: &[Arc<LoopbackReceiver>; 2], mishaps: &Arc<Mishaps>) -> ArchivistSettings {
    let channels = ["siem", "topic"].into_iter().zip(receivers);
    let way = |to: &Arc<LoopbackReceiver>| Arc::new(Way { to: to.clone(), of: mishaps.clone() }) as Arc<dyn Channel>;
    let channels = channels.map(|(name, to)| (name.to_owned(), way(to))).collect();
    ArchivistSettings {
        rules: Rules { settle_after: SETTLE_AFTER, active_at_most: ACTIVE_AT_MOST, ..Rules::default() },
        estate: estate.clone(),
        channels,
    }
}
