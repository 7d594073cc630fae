//! Sample bodies: one of each event, and one of an unknown event.

use domain::record::notification::{Event, Notification, NotificationFact};
use pipeline::body::body;

/// Base URL of the page in the samples.
pub const PAGE: &str = "https://recordings.contoso.example/archive";

const PORTAL: &str = "https://portal.azure.com/#resource/subscriptions/5f2c7f5e-1111-4222-8333-944445555666/\
                      resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

const FILE: &str = "insights-recordings/2026/03/02/vm-pay-01_20260302T080812Z.mp4";

const EVIDENCE: &str = "created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings \
                        that stand alone); last written 4 s after it ended; the next candidate is 148 s off; lead 61, \
                        needed 40";

/// Facts that the end of a trouble does not have.
const OF_TROUBLE_ONLY: [&str; 7] = ["cause", "fix", "severity", "days_left", "reason", "failing_since", "enable_with"];

/// Returns every sample with its name.
pub fn samples() -> Vec<(String, String)> {
    let events = Event::ALL.into_iter().map(|event| (event.name().to_owned(), of(event)));
    let others = [("estate.renamed", UNKNOWN), ("channel.digest.daily", DAILY)];
    events.chain(others.map(|(name, body)| (name.to_owned(), body.to_owned()))).collect()
}

/// Freezes the body of a notification with these facts.
pub fn frozen(event: Event, subject: &str, mut facts: Vec<NotificationFact>, link: Option<&str>) -> String {
    if event.resolves().is_some() {
        facts.retain(|fact| !OF_TROUBLE_ONLY.contains(&fact.name.as_str()));
    }
    let notification = Notification {
        subject: subject.to_owned(),
        facts,
        link: link.map(str::to_owned),
        ..Notification::new("rec_01kjpx4h6mq5hk78pw6n85n875", event, "1", "2026-03-02T09:12:44Z".parse().unwrap())
    };
    body(&notification).unwrap()
}

#[expect(clippy::too_many_lines, reason = "a table with one row for each event")]
fn of(event: Event) -> String {
    let recording = |more: Vec<NotificationFact>| {
        frozen(event, FILE, [recording(), session(), kept(), more].concat(), Some(PORTAL))
    };
    match event.resolves().unwrap_or(event) {
        Event::RecordingStarted => frozen(event, FILE, [self::recording(), kept()].concat(), Some(PORTAL)),
        Event::RecordingReady => recording(vec![]),
        Event::RecordingCatalogued => recording(vec![
            NotificationFact::text("evidence", EVIDENCE),
            NotificationFact::text("withdraws", "unmatched"),
        ]),
        Event::RecordingAmbiguous => {
            let evidence =
                vec![NotificationFact::text("evidence", "another session is nearly as likely; lead 12, needed 40")];
            frozen(event, FILE, [self::recording(), kept(), evidence].concat(), Some(PORTAL))
        }
        Event::RecordingUnmatched => frozen(event, FILE, [self::recording(), kept()].concat(), Some(PORTAL)),
        Event::RecordingStale => recording(vec![]),
        Event::RecordingExpiring => recording(vec![NotificationFact::text("goes_at", "2027-03-09T10:00:00Z")]),
        Event::RecordingDeleted => recording(vec![
            NotificationFact::text("deleted_at", "2027-03-09T10:02:00Z"),
            NotificationFact::text("deleted_by", "archivist"),
            NotificationFact::text("policy", "sha256:6f0c1e"),
            NotificationFact::text("approved_by", "grace@contoso.example"),
        ]),
        Event::RecordingDeletedUnexpectedly => recording(vec![
            NotificationFact::text("case", "2026-117"),
            NotificationFact::text("deleted_at", "2026-03-02T09:12:40Z"),
            NotificationFact::text("api", "DeleteBlob"),
            NotificationFact::text("request_id", "71a0c2f5-701e-0041-0f9b-b2c7a1000000"),
            NotificationFact::text(
                "find_caller_with",
                "StorageBlobLogs | where CorrelationId == '71a0c2f5-701e-0041-0f9b-b2c7a1000000' | project \
                 CallerIpAddress, RequesterUpn",
            ),
        ]),
        Event::RecordingChanged => recording(vec![
            NotificationFact::text("last_modified", "2026-03-02T09:12:40Z"),
            NotificationFact::text("sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ]),
        Event::RecordingViewed | Event::RecordingDownloaded => {
            recording([accessed(), vec![NotificationFact::text("own_session", "no")]].concat())
        }
        Event::RecordingOverwritten => recording(accessed()),
        Event::HoldPlaced => frozen(event, "2026-117", hold("yes"), None),
        Event::HoldReleased => frozen(event, "2026-117", hold("no"), None),
        Event::SessionUnrecorded => {
            let facts = [
                vec![
                    NotificationFact::text("bastion", "bas-hub-01"),
                    NotificationFact::text("cause", "access_expired"),
                ],
                session(),
            ];
            frozen(event, "vm-pay-01", facts.concat(), Some(PORTAL))
        }
        Event::SessionFailedLogins => frozen(event, "203.0.113.7", failed_logins(), Some(PORTAL)),
        Event::BastionRecordingStopped => {
            let newest = NotificationFact::text("newest_recording", "2026-03-01T17:40:00Z");
            frozen(event, "bas-hub-01", vec![NotificationFact::text("bastion", "bas-hub-01"), newest], Some(PORTAL))
        }
        Event::BastionAuditLogStopped => {
            frozen(event, "bas-hub-01", vec![NotificationFact::text("bastion", "bas-hub-01")], Some(PORTAL))
        }
        Event::BastionSasExpiring => frozen(event, "bas-hub-01", expiring_access(), Some(PORTAL)),
        Event::BastionSuffixLimit => frozen(event, "stbastionrec01/recordings", suffixes(), None),
        Event::PostureFinding => frozen(event, "bas-hub-01", finding(), Some(PORTAL)),
        Event::PostureChanged => frozen(event, "stbastionrec01", changed(), Some(PORTAL)),
        Event::RetentionAborted => frozen(event, "retention", aborted(), None),
        Event::LedgerBroken => frozen(event, "ledger", broken_ledger(), None),
        Event::LedgerAnchored => frozen(event, "ledger", anchored_ledger(), None),
        Event::ReportMonthly => frozen(event, "2026-02", monthly(), None),
        Event::InputQuarantined => frozen(event, "recording_landed", quarantined(), None),
        Event::ChannelDisabled => frozen(event, "ops", disabled(), None),
        _ => DIGEST.to_owned(),
    }
}

fn accessed() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("accessed_by", "grace@contoso.example"),
        NotificationFact::text("accessed_by_application", "691458b9-1327-4635-9f55-000000000001"),
        NotificationFact::text("authentication", "identity"),
        NotificationFact::text("accessed_from", "198.51.100.23"),
        NotificationFact::text("accessed_at", "2026-03-02T21:02:00Z"),
        NotificationFact::number("requests", 2),
        NotificationFact::number("bytes", 18_350_211),
        NotificationFact::text("held", "no"),
    ]
}

fn broken_ledger() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("segment", "000004"),
        NotificationFact::number("line", 17),
        NotificationFact::number("byte", 8_412),
        NotificationFact::text("reason", "it is not chained to the previous line"),
        NotificationFact::text("verify_with", "archivist ledger verify"),
    ]
}

fn anchored_ledger() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("segment", "000004"),
        NotificationFact::number("line", 214),
        NotificationFact::text("written_at", "2026-03-02T09:00:00Z"),
        NotificationFact::text("head", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        NotificationFact::text("verify_with", "archivist ledger verify --head ba7816bf8f01"),
    ]
}

fn monthly() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("month", "2026-02"),
        NotificationFact::number("bastions", 4),
        NotificationFact::number("sessions", 1_312),
        NotificationFact::number("recordable", 1_204),
        NotificationFact::number("recorded", 1_197),
        NotificationFact::number("gaps", 31),
        NotificationFact::number("recordings", 1_203),
        NotificationFact::number("named", 1_188),
        NotificationFact::number("deletions", 942),
        NotificationFact::text("report_with", "archivist report coverage --month 2026-02 --format html"),
    ]
}

fn expiring_access() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("check", "access.expiry"),
        NotificationFact::text("bastion", "bas-hub-01"),
        NotificationFact::text("expires_at", "2026-03-09T00:00:00Z"),
        NotificationFact::number("days_left", 6),
        NotificationFact::text("fix", "archivist doctor --sas-stdin"),
        NotificationFact::text("severity", "critical"),
    ]
}

fn suffixes() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("check", "container.suffixes"),
        NotificationFact::text("found", "1 names are near their last suffix, vm-pay-01-svc_pay is at .231"),
        NotificationFact::text("fix", "archivist retention plan"),
    ]
}

fn finding() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("check", "bastion.recording"),
        NotificationFact::text("expected", "session recording is on"),
        NotificationFact::text("found", "off: nothing is recorded"),
        NotificationFact::text("fix", "az network bastion update --session-recording true"),
        NotificationFact::text("severity", "critical"),
    ]
}

fn changed() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("bastion", "bas-hub-01"),
        NotificationFact::text("what", "keys"),
        NotificationFact::text("done", "asked for"),
        NotificationFact::text("operation", "Microsoft.Storage/storageAccounts/regenerateKey/action"),
        NotificationFact::text("by", "grace@contoso.example"),
        NotificationFact::text("from", "203.0.113.7"),
        NotificationFact::text("correlation_id", "71a0c2f5-701e-0041-0f9b-b2c7a1000000"),
        NotificationFact::number("findings", 0),
        NotificationFact::number("not_checked", 1),
        NotificationFact::text("found", "an account key is new: signatures made with the old key are invalid"),
        NotificationFact::text("fix", "archivist doctor --sas-stdin"),
        NotificationFact::text("severity", "critical"),
    ]
}

fn disabled() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("channel", "ops"),
        NotificationFact::text("reason", "clientError: 404"),
        NotificationFact::text("failing_since", "2026-02-25T09:00:00Z"),
        NotificationFact::text("enable_with", "archivist notify enable ops"),
    ]
}

fn recording() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("recording", "rec_01kjpx4h6mq5hk78pw6n85n875"),
        NotificationFact::text("bastion", "bas-hub-01"),
        NotificationFact::text("account", "stbastionrec01"),
        NotificationFact::text("container", "recordings"),
        NotificationFact::text("state", "settled"),
        NotificationFact::text("match", "matched"),
        NotificationFact::text("created_at", "2026-03-02T08:08:12.512Z"),
        NotificationFact::number("size_bytes", 48_211_234),
    ]
}

fn session() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("tunnel_id", "6f0c1e6a-3d5c-4a8e-9a53-4b1f10a5f0c2"),
        NotificationFact::text("person", "ada@contoso.example"),
        NotificationFact::text("user_name", "svc_pay"),
        NotificationFact::text("machine", "vm-pay-01"),
        NotificationFact::text("client_ip", "203.0.113.7"),
        NotificationFact::text("protocol", "ssh"),
        NotificationFact::text("started_at", "2026-03-02T08:08:10Z"),
        NotificationFact::text("ended_at", "2026-03-02T09:12:10Z"),
        NotificationFact::number("session_duration_ms", 3_840_000),
    ]
}

fn kept() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("class", "pci"),
        NotificationFact::text("rule", "card-data machines"),
        NotificationFact::text("rule", "weekends"),
        NotificationFact::text("retain_until", "2027-03-02"),
        NotificationFact::text("delete_after", "2027-09-02"),
        NotificationFact::text("then", "review"),
    ]
}

fn hold(verified: &str) -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("hold", "hold_01kjpx4h6mq5hk78pw6n85n875"),
        NotificationFact::text("case", "2026-117"),
        NotificationFact::text("reason", "Access to the card data of 2 March is being looked into"),
        NotificationFact::text("scope", "person ada@contoso.example, machine vm-pay-*"),
        NotificationFact::text("by", "grace@contoso.example"),
        NotificationFact::text("verified", verified),
    ]
}

fn failed_logins() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("bastion", "bas-hub-01"),
        NotificationFact::text("counted_by", "client"),
        NotificationFact::number("count", 14),
        NotificationFact::text("first_at", "2026-03-02T08:58:00Z"),
        NotificationFact::text("last_at", "2026-03-02T09:11:30Z"),
        NotificationFact::text("client", "203.0.113.7"),
    ]
}

fn aborted() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("reason", "812 recordings are due, more than 100 at a time"),
        NotificationFact::text("plan", "b1946ac92492d234"),
        NotificationFact::number("recordings", 812),
        NotificationFact::number("size_bytes", 41_213_500_000),
        NotificationFact::text("approve_with", "archivist retention approve b1946ac92492d234"),
    ]
}

fn quarantined() -> Vec<NotificationFact> {
    vec![
        NotificationFact::text("quarantine", "qua_01kjpx4h6mq5hk78pw6n85n875"),
        NotificationFact::text("reason", "data.url names no blob"),
        NotificationFact::number("size_bytes", 812),
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

/// Digest of a day, with recordings of two classes that are about to be deleted.
const DAILY: &str = r#"{"type":"channel.digest","timestamp":"2026-03-02T08:00:00Z","data":{"version":1,
    "id":"ntf_01kjpx4h6mq5hk78pw6n85n875","severity":"info","subject":"21 notifications","facts":{"total":21,
    "by_event":{"recording.ready":3,"recording.expiring":18},"lines":[
    {"type":"recording.ready","severity":"info","subject":"2026/03/02/b.mp4","timestamp":"2026-03-02T07:09:00Z",
    "id":"ntf_3"}],"expiring":[{"class":"pci","total":14,"recordings":[
    {"id":"ntf_4","recording":"rec_4","name":"vm-pay-04-root","person":"ada@contoso.example","bastion":"bas-hub-01",
    "goes_at":"2026-03-09T23:30:00Z","then":"review"},
    {"id":"ntf_5","recording":"rec_5","name":"vm-pay-05-root","bastion":"bas-hub-01","goes_at":"2026-03-10T07:00:00Z",
    "then":"review"}]},{"class":"standard","total":4,"recordings":[
    {"id":"ntf_6","recording":"rec_6","name":"vm-web-06-root","person":"grace@contoso.example","bastion":"bas-hub-02",
    "goes_at":"2026-03-08T12:00:00Z","then":"delete"},
    {"id":"ntf_7","recording":"rec_7","name":"vm-web-07-root","bastion":"bas-hub-02","goes_at":"2026-03-08T13:00:00Z",
    "then":"delete"},
    {"id":"ntf_8","recording":"rec_8","name":"vm-web-08-root","bastion":"bas-hub-02","goes_at":"2026-03-08T14:00:00Z",
    "then":"delete"},
    {"id":"ntf_9","recording":"rec_9","name":"vm-web-09-root","bastion":"bas-hub-02","goes_at":"2026-03-08T15:00:00Z",
    "then":"delete"}]}]},"link":null}}"#;

const UNKNOWN: &str = r#"{"type":"estate.renamed","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,
    "id":"ntf_01kjpx4h6mq5hk78pw6n85n875","severity":"info","subject":"bas-hub-01","facts":{"old_name":"bas-01",
    "since":"2026-03-02T09:12:44Z","count":3},"link":null}}"#;
