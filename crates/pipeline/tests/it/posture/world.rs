//! One bastion, its reported settings, and a receiver.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryBlobs, MemoryNotifications};
use domain::address::ContainerAddress;
use domain::decide::context::Rules;
use domain::decide::posture::{BastionFacts, DiagnosticSetting, ExpectedSetup, WriteAccess};
use domain::record::delivery::FORGOTTEN_AFTER;
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::notification::Notification;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Channel, Clock, Notifications};
use pipeline::posture::Watch;
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, LoopbackReceiver, TestClock};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::posture::seen::SeenSetup;

pub const HUB: &str = "/subscriptions/s1/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

pub struct PostureWorld {
    pub seen: Arc<SeenSetup>,
    pub access: WriteAccess,
    pub clock: Arc<TestClock>,
    pub ports: Ports,
    pub rules: Rules,
    pub blobs: Arc<MemoryBlobs>,
    pub notifications: Arc<MemoryNotifications>,
    pub receiver: Arc<LoopbackReceiver>,
}

pub fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}

fn logs() -> ContainerAddress {
    ContainerAddress::parse("staudit01", "insights-logs-bastionauditlogs").unwrap()
}

pub fn host() -> BastionFacts {
    BastionFacts {
        id: HUB.to_owned(),
        location: "westeurope".to_owned(),
        sku: "Premium".to_owned(),
        dns_name: "bst-1.bastion.azure.com".to_owned(),
        records: true,
        container_url: Some("https://stbastionrec01.blob.core.windows.net/recordings".to_owned()),
        ..BastionFacts::default()
    }
}

pub fn setting() -> DiagnosticSetting {
    DiagnosticSetting {
        name: "to-storage".to_owned(),
        account_id: Some(
            "/subscriptions/s1/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/staudit01".to_owned(),
        ),
        categories: vec!["BastionAuditLogs".to_owned()],
        groups: Vec::new(),
    }
}

impl PostureWorld {
    /// Creates a bastion without findings, at 2026-03-02T09:00:00Z.
    pub fn new() -> Self {
        let clock = Arc::new(TestClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let (blobs, notifications) = (Arc::<MemoryBlobs>::default(), Arc::<MemoryNotifications>::default());
        blobs.create_container(&container());
        blobs.create_container(&logs());
        let shared: Arc<dyn Clock> = clock.clone();
        let ports = Ports { blobs: blobs.clone(), notifications: notifications.clone(), ..memory::ports(shared) };
        let seen = SeenSetup::default();
        *seen.host.lock().unwrap() = Some(host());
        *seen.settings.lock().unwrap() = vec![setting()];
        let (rules, receiver) = (Rules::default(), Arc::default());
        Self {
            seen: Arc::new(seen),
            access: WriteAccess::Identity,
            clock,
            ports,
            rules,
            blobs,
            notifications,
            receiver,
        }
    }

    pub fn archivist(&self) -> Archivist {
        self.behind(&Arc::new(Gate::open()))
    }

    pub fn behind(&self, gate: &Arc<Gate>) -> Archivist {
        let bastion = Bastion {
            name: BastionName::new("bas-hub-01"),
            resource_id: Some(HUB.to_owned()),
            recordings: vec![container()],
            audit_logs: Some(logs()),
            access_expires: None,
            access_logs: None,
        };
        let expected = ExpectedSetup {
            bastion: "bas-hub-01".to_owned(),
            resource_id: Some(HUB.to_owned()),
            recordings: container(),
            audit_logs: Some(logs()),
            access_logs: None,
            access: self.access,
            suffix_warning_at: 200,
            deleted_by: None,
        };
        let channel: Arc<dyn Channel> = self.receiver.clone();
        let channels = BTreeMap::from([("siem".to_owned(), channel)]);
        let settings =
            ArchivistSettings { rules: self.rules.clone(), estate: Estate { bastions: vec![bastion] }, channels };
        let watch = Watch { posture: self.seen.clone(), expected: vec![expected], live: None };
        Archivist::new(gate.around(&self.ports), settings).with_watch(watch)
    }

    pub fn pass(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// All notifications ever handed over, in the order of ids.
    pub fn told(&self) -> Vec<Notification> {
        let far = self.clock.now().saturating_add(FORGOTTEN_AFTER * 2).unwrap_or(Timestamp::MAX);
        let all = now(self.notifications.forgotten(far, 10_000)).unwrap();
        all.iter().map(|stored| pipeline::body::read(&stored.record.body).unwrap()).collect()
    }

    /// Runs the check of one day; returns the sorted event names of its notifications.
    pub fn checks(&self) -> Vec<&'static str> {
        let before = self.told().len();
        let checked = now(self.archivist().posture.check_posture()).unwrap();
        let mut told: Vec<_> = self.told().iter().map(|one| one.event.name()).collect();
        // After a crash, a repeated notification keeps its old id.
        assert!(told.len() - before <= checked.notified);
        told.sort_unstable();
        told
    }
}
