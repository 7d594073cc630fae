//! Builds a bastion with a correct setup.

use domain::address::{AccountName, ContainerAddress};
use domain::decide::calibration::WayOfWriting;
use domain::decide::habits::{OffsetHabit, RecordingHabits, Share};
use domain::decide::posture::*;
use domain::policy::join::Tolerances;
use jiff::Timestamp;

pub const HUB: &str = "/subscriptions/s1/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";
pub const ACCOUNT: &str =
    "/subscriptions/s1/resourceGroups/rg-rec/providers/Microsoft.Storage/storageAccounts/stbastionrec01";
pub const ORIGIN: &str = "https://bst-9d89d361.bastion.azure.com";
pub const WRITER: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

pub fn now() -> Timestamp {
    at("2026-03-02T09:00:00Z")
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn read<T>(value: T) -> MaybeKnown<T> {
    MaybeKnown::Read(value)
}

/// Reason of an unreadable fact.
pub const FORBIDDEN: &str = "our identity may not read it";

pub fn unread<T>() -> MaybeKnown<T> {
    MaybeKnown::unread(FORBIDDEN)
}

pub fn account(name: &str) -> AccountFacts {
    AccountFacts {
        id: ACCOUNT.replace("stbastionrec01", name),
        name: name.to_owned(),
        location: "westeurope".to_owned(),
        takes_keys: true,
        is_public_network_on: true,
        lets_all_networks_in: true,
        lets_services_in: true,
        keys: vec![("key1".to_owned(), at("2025-01-01T00:00:00Z")), ("key2".to_owned(), at("2025-01-01T00:00:00Z"))],
        ..AccountFacts::default()
    }
}

pub fn host() -> BastionFacts {
    BastionFacts {
        id: HUB.to_owned(),
        location: "West Europe".to_owned(),
        sku: "Premium".to_owned(),
        dns_name: "bst-9d89d361.bastion.azure.com".to_owned(),
        records: true,
        lets_native_clients_in: false,
        container_url: Some("https://stbastionrec01.blob.core.windows.net/recordings".to_owned()),
        principals: vec!["P-1".to_owned()],
    }
}

pub fn cors() -> CorsRule {
    CorsRule {
        origins: vec![ORIGIN.to_owned()],
        methods: vec!["GET".to_owned()],
        headers: vec!["*".to_owned()],
        max_age: 86_400,
    }
}

pub fn subscription(queue: &str, container: &str) -> EventSubscription {
    EventSubscription {
        name: format!("to-{queue}"),
        queue: Some(queue.to_owned()),
        types: ["BlobCreated", "BlobDeleted", "BlobTierChanged"].map(|kind| format!("Microsoft.Storage.{kind}")).into(),
        begins_with: format!("/blobServices/default/containers/{container}/blobs/"),
        ends_with: String::new(),
        is_provisioned: true,
    }
}

pub fn watched() -> Watched {
    let logs = ContainerAddress::parse("staudit01", "insights-logs-bastionauditlogs").unwrap();
    let setting = DiagnosticSetting {
        name: "to-storage".to_owned(),
        account_id: Some(ACCOUNT.replace("stbastionrec01", "STAUDIT01")),
        categories: vec!["BastionAuditLogs".to_owned()],
        groups: Vec::new(),
    };
    let of_accesses = DiagnosticSetting {
        name: "accesses".to_owned(),
        categories: ["StorageRead", "StorageWrite", "StorageDelete"].map(str::to_owned).into(),
        ..setting.clone()
    };
    Watched {
        expected: ExpectedSetup {
            bastion: "bas-hub-01".to_owned(),
            resource_id: Some(HUB.to_owned()),
            recordings: ContainerAddress::parse("stbastionrec01", "recordings").unwrap(),
            audit_logs: Some(logs.clone()),
            access_logs: Some(AccountName::parse("staudit01").unwrap()),
            access: WriteAccess::Identity,
            suffix_warning_at: 200,
            deleted_by: None,
        },
        host: read(Some(host())),
        neighbours: read(Vec::new()),
        account: read(Some(account("stbastionrec01"))),
        service: read(ServiceFacts { cors: vec![cors()], is_versioned: read(false), soft_delete_days: Some(7) }),
        container: read(Some(ContainerFacts::default())),
        content: read(ContentFacts { seen: 12, ..ContentFacts::default() }),
        policies: read(Vec::new()),
        roles: read(vec![Role { principal: "p-1".to_owned(), definition: WRITER.to_uppercase() }]),
        lifecycle: read(Vec::new()),
        events: read(vec![subscription("recording-events", "recordings")]),
        tags: read(TagTrial::Works),
        audit: Some(AuditFacts {
            settings: read(vec![setting]),
            account: read(Some(account("staudit01"))),
            container_exists: read(true),
            newest_record: read(Some(at("2026-03-02T08:40:00Z"))),
            newest_recording: read(Some(at("2026-03-02T08:00:00Z"))),
            events: read(vec![subscription("audit-log-events", "insights-logs-bastionauditlogs")]),
        }),
        access_log: read(vec![of_accesses]),
        habits: read(habits()),
        tolerances: Tolerances::default(),
    }
}

/// Habits of live-written recordings: created 5 s after the start of the session, last written 3 s after its end.
pub fn habits() -> RecordingHabits {
    let offset = |median: i16| OffsetHabit {
        pairs: 40,
        usual: Some((median - 5, median + 9)),
        median: Some(median),
        median_before: Some(median + 1),
    };
    RecordingHabits {
        recordings: 120,
        writes: WayOfWriting::Live,
        wrote_before: WayOfWriting::Live,
        starts: offset(5),
        ends: offset(3),
        alone: Share { count: 90, of: 120 },
        unlogged: Share { count: 1, of: 91 },
        lost: Share { count: 2, of: 92 },
        ..RecordingHabits::default()
    }
}

pub fn own() -> OwnFacts {
    let queue = |name: &str| QueueFacts { name: name.to_owned(), messages: read(0), oldest: read(None) };
    OwnFacts {
        queues: vec![queue("recording-events")],
        poison: vec![queue("recording-events-poison")],
        dead_letters: read(0),
        quarantine: read((0, 100)),
        ledger: read(1),
        channels: vec![("ops".to_owned(), read(ChannelFacts::default()))],
        refused_configuration: None,
        strange_stores: read(Vec::new()),
        clock: read((now(), now())),
        endpoints: read((
            "https://ststate.queue.core.windows.net/".to_owned(),
            "https://ststate.queue.core.windows.net".to_owned(),
        )),
    }
}

/// Returns the only answer to a question.
pub fn answer(checks: &[Check], question: Question) -> Check {
    let of = |check: &&Check| check.question == question;
    let found: Vec<&Check> = checks.iter().filter(of).collect();
    assert_eq!(found.len(), 1, "{}: {found:?}", question.name());
    found[0].clone()
}
