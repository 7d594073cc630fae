//! A sample of each event, of people and machines that do not exist.

use domain::blob::whole_second;
use domain::notification::{Event, Fact, Notification, NotificationId};
use jiff::{SignedDuration, Timestamp};

const RECORDING: &str = "rec_01j9z6x4q0e8k7m2t5v3w1y9ab";
const BASTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

/// The sample of an event that happened just now.
pub fn of(event: Event, now: Timestamp) -> Notification {
    let at = whole_second(now);
    let (subject, facts) = told(event, at);
    Notification {
        id: NotificationId::derive("sample", event, &at.to_string()),
        event,
        at,
        subject,
        facts,
        link: Some(format!("https://portal.azure.com/#resource{BASTION}")),
    }
}

fn told(event: Event, at: Timestamp) -> (String, Vec<Fact>) {
    let hours_ago = |hours| at.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(at).to_string();
    match event {
        Event::HoldPlaced | Event::HoldReleased => (
            "2026-17".to_owned(),
            vec![
                text("hold", "hold_507h7sfwqs0kbjad25wp4wz0gm"),
                text("case", "2026-17"),
                text("reason", "letter of the court of 2 March"),
                text("scope", "person ada@contoso.example"),
                text("by", "counsel@contoso.example"),
                text("verified", "yes"),
            ],
        ),
        Event::SessionUnrecorded => ("vm-web-01".to_owned(), session(at)),
        Event::SessionFailedLogins => {
            let mut facts = vec![text("bastion", "bas-hub-01"), Fact::number("count", 12)];
            facts.extend([text("counted_by", "client_ip"), text("client_ip", "203.0.113.7")]);
            facts.extend([text("first_at", hours_ago(1)), text("last_at", at.to_string())]);
            ("203.0.113.7".to_owned(), facts)
        }
        Event::BastionRecordingStopped => {
            let facts = vec![text("bastion", "bas-hub-01"), text("newest_recording", hours_ago(30))];
            ("bas-hub-01".to_owned(), facts)
        }
        Event::BastionAuditLogStopped => {
            let facts = vec![text("bastion", "bas-hub-01"), text("newest_record", hours_ago(30))];
            ("bas-hub-01".to_owned(), facts)
        }
        Event::BastionSasExpiring => (
            "bas-hub-01".to_owned(),
            vec![
                text("bastion", "bas-hub-01"),
                text("check", "access.expiry"),
                text("expires_at", at.checked_add(SignedDuration::from_hours(7 * 24)).unwrap_or(at).to_string()),
                Fact::number("days_left", 7),
                text("fix", "archivist doctor --sas-stdin"),
            ],
        ),
        Event::BastionSuffixLimit => (
            "stbastionrec01/recordings".to_owned(),
            vec![
                text("check", "container.suffixes"),
                text("found", "1 names are near their last suffix, vm-web-01-azureuser is at .201"),
                text("fix", "archivist retention plan"),
            ],
        ),
        Event::PostureFinding => (
            "bas-hub-01".to_owned(),
            vec![
                text("check", "bastion.recording"),
                text("expected", "session recording is on"),
                text("found", "off: nothing is recorded"),
                text("fix", "az network bastion update --session-recording true"),
                text("severity", "critical"),
            ],
        ),
        Event::PostureChanged => (
            "bas-hub-01".to_owned(),
            vec![
                text("bastion", "bas-hub-01"),
                text("what", "bastion"),
                text("done", "changed"),
                text("operation", "Microsoft.Network/bastionHosts/write"),
                text("by", "ada@contoso.example"),
                Fact::number("findings", 1),
                Fact::number("not_checked", 0),
                text("found", "session recording is on: off: nothing is recorded"),
                text("severity", "critical"),
            ],
        ),
        Event::RetentionAborted => (
            "retention".to_owned(),
            vec![
                text("reason", "312 deletions in one run, of 100 allowed"),
                text("plan", "9f2c"),
                Fact::number("recordings", 312),
                text("approve_with", "archivist retention approve 9f2c"),
            ],
        ),
        Event::LedgerBroken => (
            "ledger".to_owned(),
            vec![
                text("segment", "000003"),
                Fact::number("line", 17),
                Fact::number("byte", 8_412),
                text("reason", "it is not chained to the line before"),
                text("verify_with", "archivist ledger verify"),
            ],
        ),
        Event::InputQuarantined => (
            "recording_landed".to_owned(),
            vec![text("quarantine", "qrn_507h7sfwqs0kbjad25wp4wz0gm"), text("reason", "it is not JSON")],
        ),
        Event::ChannelDisabled | Event::ChannelDigest => (
            "ops".to_owned(),
            vec![
                text("channel", "ops"),
                text("reason", "clientError: 404"),
                text("failing_since", hours_ago(121)),
                text("enable_with", "archivist notify enable ops"),
            ],
        ),
        _ => ("vm-web-01_22_ssh_20260302".to_owned(), recording(event, at)),
    }
}

fn recording(event: Event, at: Timestamp) -> Vec<Fact> {
    let mut facts = vec![
        text("recording", RECORDING),
        text("bastion", "bas-hub-01"),
        text("account", "stbastionrec01"),
        text("container", "recordings"),
        text("created_at", at.checked_sub(SignedDuration::from_mins(42)).unwrap_or(at).to_string()),
        text("last_modified", at.to_string()),
        Fact::number("size_bytes", 18_350_211),
    ];
    match event {
        Event::RecordingAmbiguous => facts.push(text("match", "ambiguous")),
        Event::RecordingUnmatched => facts.push(text("match", "unmatched")),
        Event::RecordingStarted | Event::RecordingStale => facts.push(text("match", "pending")),
        _ => {
            facts.push(text("match", "matched"));
            facts.extend(session(at).into_iter().filter(|fact| fact.name != "bastion"));
        }
    }
    if !matches!(event, Event::RecordingStarted | Event::RecordingStale) {
        facts.extend([text("class", "standard"), text("rule", "card-data machines")]);
        facts.extend([text("retain_until", "2027-03-02"), text("delete_after", "2027-03-02"), text("then", "delete")]);
    }
    facts
}

fn session(at: Timestamp) -> Vec<Fact> {
    vec![
        text("bastion", "bas-hub-01"),
        text("tunnel_id", "4f0c2f0e-8d7b-4a53-9d0e-0f9c1c7a5b21"),
        text("person", "ada@contoso.example"),
        text("user_name", "azureuser"),
        text("machine", "vm-web-01"),
        text("client_ip", "198.51.100.7"),
        text("protocol", "ssh"),
        text("started_at", at.checked_sub(SignedDuration::from_mins(42)).unwrap_or(at).to_string()),
        text("ended_at", at.to_string()),
        Fact::number("session_duration_ms", 2_520_000),
    ]
}

fn text(name: &str, value: impl Into<String>) -> Fact {
    Fact::text(name, value)
}
