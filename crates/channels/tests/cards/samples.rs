//! Sample bodies: one of each event, and one of an unknown event.

use domain::notification::{Event, Fact, Notification, NotificationId};
use pipeline::body::body;

/// Base URL of the page in the samples.
pub const PAGE: &str = "https://recordings.contoso.example/archive";

const PORTAL: &str = "https://portal.azure.com/#resource/subscriptions/5f2c7f5e-1111-4222-8333-944445555666/\
                      resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

const FILE: &str = "insights-recordings/2026/03/02/vm-pay-01_20260302T080812Z.mp4";

const EVIDENCE: &str = "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings \
                        that stand alone); last written 4 s after it ended; the next candidate is 148 s off; lead 61, \
                        needed 40";

/// Returns every sample with its name.
pub fn samples() -> Vec<(String, String)> {
    let events = Event::ALL.into_iter().map(|event| (event.name().to_owned(), of(event)));
    let others = [("estate.renamed", UNKNOWN)];
    events.chain(others.map(|(name, body)| (name.to_owned(), body.to_owned()))).collect()
}

/// Freezes the body of a notification with these facts.
pub fn frozen(event: Event, subject: &str, facts: Vec<Fact>, link: Option<&str>) -> String {
    let notification = Notification {
        id: NotificationId::derive("rec_01kjpx4h6mq5hk78pw6n85n875", event, "1"),
        event,
        at: "2026-03-02T09:12:44Z".parse().unwrap(),
        subject: subject.to_owned(),
        facts,
        link: link.map(str::to_owned),
    };
    body(&notification).unwrap()
}

fn of(event: Event) -> String {
    let recording =
        |more: Vec<Fact>| frozen(event, FILE, [recording(), session(), kept(), more].concat(), Some(PORTAL));
    match event {
        Event::RecordingStarted => frozen(event, FILE, [self::recording(), kept()].concat(), Some(PORTAL)),
        Event::RecordingReady => recording(vec![]),
        Event::RecordingCatalogued => {
            recording(vec![Fact::text("evidence", EVIDENCE), Fact::text("withdraws", "unmatched")])
        }
        Event::RecordingAmbiguous => {
            let evidence = vec![Fact::text("evidence", "another session is nearly as likely; lead 12, needed 40")];
            frozen(event, FILE, [self::recording(), kept(), evidence].concat(), Some(PORTAL))
        }
        Event::RecordingUnmatched => frozen(event, FILE, [self::recording(), kept()].concat(), Some(PORTAL)),
        Event::RecordingStale => recording(vec![]),
        Event::RecordingExpiring => recording(vec![Fact::text("goes_at", "2027-03-09T10:00:00Z")]),
        Event::RecordingDeleted => recording(vec![
            Fact::text("deleted_at", "2027-03-09T10:02:00Z"),
            Fact::text("deleted_by", "archivist"),
            Fact::text("policy", "sha256:6f0c1e"),
            Fact::text("approved_by", "grace@contoso.example"),
        ]),
        Event::RecordingDeletedUnexpectedly => recording(vec![
            Fact::text("case", "2026-117"),
            Fact::text("deleted_at", "2026-03-02T09:12:40Z"),
            Fact::text("api", "DeleteBlob"),
            Fact::text("request_id", "71a0c2f5-701e-0041-0f9b-b2c7a1000000"),
            Fact::text(
                "find_caller_with",
                "StorageBlobLogs | where CorrelationId == '71a0c2f5-701e-0041-0f9b-b2c7a1000000' | project \
                 CallerIpAddress, RequesterUpn",
            ),
        ]),
        Event::RecordingChanged => recording(vec![
            Fact::text("last_modified", "2026-03-02T09:12:40Z"),
            Fact::text("sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ]),
        Event::HoldPlaced => frozen(event, "2026-117", hold("yes"), None),
        Event::HoldReleased => frozen(event, "2026-117", hold("no"), None),
        Event::SessionUnrecorded => {
            let facts = [vec![Fact::text("bastion", "bas-hub-01"), Fact::text("cause", "access_expired")], session()];
            frozen(event, "vm-pay-01", facts.concat(), Some(PORTAL))
        }
        Event::SessionFailedLogins => frozen(event, "203.0.113.7", failed_logins(), Some(PORTAL)),
        Event::BastionRecordingStopped => {
            let newest = Fact::text("newest_recording", "2026-03-01T17:40:00Z");
            frozen(event, "bas-hub-01", vec![Fact::text("bastion", "bas-hub-01"), newest], Some(PORTAL))
        }
        Event::BastionAuditLogStopped => {
            frozen(event, "bas-hub-01", vec![Fact::text("bastion", "bas-hub-01")], Some(PORTAL))
        }
        Event::BastionSasExpiring => frozen(event, "bas-hub-01", expiring_access(), Some(PORTAL)),
        Event::BastionSuffixLimit => frozen(event, "stbastionrec01/recordings", suffixes(), None),
        Event::PostureFinding => frozen(event, "bas-hub-01", finding(), Some(PORTAL)),
        Event::PostureChanged => frozen(event, "stbastionrec01", changed(), Some(PORTAL)),
        Event::RetentionAborted => frozen(event, "retention", aborted(), None),
        Event::LedgerBroken => frozen(event, "ledger", broken_ledger(), None),
        Event::InputQuarantined => frozen(event, "recording_landed", quarantined(), None),
        Event::ChannelDisabled => frozen(event, "ops", disabled(), None),
        Event::ChannelDigest => DIGEST.to_owned(),
    }
}

fn broken_ledger() -> Vec<Fact> {
    vec![
        Fact::text("segment", "000004"),
        Fact::number("line", 17),
        Fact::number("byte", 8_412),
        Fact::text("reason", "it is not chained to the previous line"),
        Fact::text("verify_with", "archivist ledger verify"),
    ]
}

fn expiring_access() -> Vec<Fact> {
    vec![
        Fact::text("check", "access.expiry"),
        Fact::text("bastion", "bas-hub-01"),
        Fact::text("expires_at", "2026-03-09T00:00:00Z"),
        Fact::number("days_left", 6),
        Fact::text("fix", "archivist doctor --sas-stdin"),
        Fact::text("severity", "critical"),
    ]
}

fn suffixes() -> Vec<Fact> {
    vec![
        Fact::text("check", "container.suffixes"),
        Fact::text("found", "1 names are near their last suffix, vm-pay-01-svc_pay is at .231"),
        Fact::text("fix", "archivist retention plan"),
    ]
}

fn finding() -> Vec<Fact> {
    vec![
        Fact::text("check", "bastion.recording"),
        Fact::text("expected", "session recording is on"),
        Fact::text("found", "off: nothing is recorded"),
        Fact::text("fix", "az network bastion update --session-recording true"),
        Fact::text("severity", "critical"),
    ]
}

fn changed() -> Vec<Fact> {
    vec![
        Fact::text("bastion", "bas-hub-01"),
        Fact::text("what", "keys"),
        Fact::text("done", "asked for"),
        Fact::text("operation", "Microsoft.Storage/storageAccounts/regenerateKey/action"),
        Fact::text("by", "grace@contoso.example"),
        Fact::text("from", "203.0.113.7"),
        Fact::text("correlation_id", "71a0c2f5-701e-0041-0f9b-b2c7a1000000"),
        Fact::number("findings", 0),
        Fact::number("not_checked", 1),
        Fact::text("found", "an account key is new: signatures made with the old key are invalid"),
        Fact::text("fix", "archivist doctor --sas-stdin"),
        Fact::text("severity", "critical"),
    ]
}

fn disabled() -> Vec<Fact> {
    vec![
        Fact::text("channel", "ops"),
        Fact::text("reason", "clientError: 404"),
        Fact::text("failing_since", "2026-02-25T09:00:00Z"),
        Fact::text("enable_with", "archivist notify enable ops"),
    ]
}

fn recording() -> Vec<Fact> {
    vec![
        Fact::text("recording", "rec_01kjpx4h6mq5hk78pw6n85n875"),
        Fact::text("bastion", "bas-hub-01"),
        Fact::text("account", "stbastionrec01"),
        Fact::text("container", "recordings"),
        Fact::text("state", "settled"),
        Fact::text("match", "matched"),
        Fact::text("created_at", "2026-03-02T08:08:12.512Z"),
        Fact::number("size_bytes", 48_211_234),
    ]
}

fn session() -> Vec<Fact> {
    vec![
        Fact::text("tunnel_id", "6f0c1e6a-3d5c-4a8e-9a53-4b1f10a5f0c2"),
        Fact::text("person", "ada@contoso.example"),
        Fact::text("user_name", "svc_pay"),
        Fact::text("machine", "vm-pay-01"),
        Fact::text("client_ip", "203.0.113.7"),
        Fact::text("protocol", "ssh"),
        Fact::text("started_at", "2026-03-02T08:08:10Z"),
        Fact::text("ended_at", "2026-03-02T09:12:10Z"),
        Fact::number("session_duration_ms", 3_840_000),
    ]
}

fn kept() -> Vec<Fact> {
    vec![
        Fact::text("class", "pci"),
        Fact::text("rule", "card-data machines"),
        Fact::text("rule", "weekends"),
        Fact::text("retain_until", "2027-03-02"),
        Fact::text("delete_after", "2027-09-02"),
        Fact::text("then", "review"),
    ]
}

fn hold(verified: &str) -> Vec<Fact> {
    vec![
        Fact::text("hold", "hold_01kjpx4h6mq5hk78pw6n85n875"),
        Fact::text("case", "2026-117"),
        Fact::text("reason", "Access to the card data of 2 March is being looked into"),
        Fact::text("scope", "person ada@contoso.example, machine vm-pay-*"),
        Fact::text("by", "grace@contoso.example"),
        Fact::text("verified", verified),
    ]
}

fn failed_logins() -> Vec<Fact> {
    vec![
        Fact::text("bastion", "bas-hub-01"),
        Fact::text("counted_by", "client"),
        Fact::number("count", 14),
        Fact::text("first_at", "2026-03-02T08:58:00Z"),
        Fact::text("last_at", "2026-03-02T09:11:30Z"),
        Fact::text("client", "203.0.113.7"),
    ]
}

fn aborted() -> Vec<Fact> {
    vec![
        Fact::text("reason", "812 recordings are due, more than 100 at a time"),
        Fact::text("plan", "b1946ac92492d234"),
        Fact::number("recordings", 812),
        Fact::number("size_bytes", 41_213_500_000),
        Fact::text("approve_with", "archivist retention approve b1946ac92492d234"),
    ]
}

fn quarantined() -> Vec<Fact> {
    vec![
        Fact::text("quarantine", "qua_01kjpx4h6mq5hk78pw6n85n875"),
        Fact::text("reason", "data.url names no blob"),
        Fact::number("size_bytes", 812),
    ]
}

const DIGEST: &str = r#"{"type":"channel.digest","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,
    "id":"ntf_01kjpx4h6mq5hk78pw6n85n875","severity":"critical","subject":"teams","facts":{"total":37,
    "by_event":{"recording.ready":30,"session.unrecorded":6,"recording.deleted_unexpectedly":1},"lines":[
    {"type":"session.unrecorded","severity":"warning","subject":"vm-pay-02","timestamp":"2026-03-02T09:10:00Z","id":"ntf_1"},
    {"type":"recording.deleted_unexpectedly","severity":"critical","subject":"2026/03/02/a.mp4",
    "timestamp":"2026-03-02T09:11:00Z","id":"ntf_2"},
    {"type":"recording.ready","severity":"info","subject":"2026/03/02/b.mp4","timestamp":"2026-03-02T09:09:00Z",
    "id":"ntf_3"}]},"link":null}}"#;

const UNKNOWN: &str = r#"{"type":"estate.renamed","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,
    "id":"ntf_01kjpx4h6mq5hk78pw6n85n875","severity":"info","subject":"bas-hub-01","facts":{"old_name":"bas-01",
    "since":"2026-03-02T09:12:44Z","count":3},"link":null}}"#;
