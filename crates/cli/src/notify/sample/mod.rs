//! Sample notifications, with invented people and machines.

mod digest;
mod recording;

use domain::blob::whole_second;
use domain::notification::{Event, Notification, NotificationFact, NotificationId};
use jiff::{SignedDuration, Timestamp};

const BASTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

pub use digest::digest;

/// Returns a sample of an event that happened at `now`. See [`digest`] for digests.
pub fn of(event: Event, now: Timestamp) -> Notification {
    let at = whole_second(now);
    let (subject, facts) = told(event, at);
    let is_of_bastion = facts.iter().any(|fact| fact.name == "bastion");
    let link = is_of_bastion.then(|| format!("https://portal.azure.com/#resource{BASTION}"));
    Notification { id: NotificationId::derive("sample", event, &at.to_string()), event, at, subject, facts, link }
}

fn told(event: Event, at: Timestamp) -> (String, Vec<NotificationFact>) {
    let hours_ago = |hours| ago(at, SignedDuration::from_hours(hours)).to_string();
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
        Event::SessionUnrecorded => {
            let mut facts = vec![text("bastion", "bas-hub-01"), text("cause", "access_expired")];
            facts.extend(recording::session(at));
            ("vm-web-01".to_owned(), facts)
        }
        Event::SessionFailedLogins => {
            let mut facts = vec![text("bastion", "bas-hub-01"), NotificationFact::number("count", 12)];
            facts.extend([text("counted_by", "client"), text("client", "203.0.113.7")]);
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
                text("expected", "the access ends later than in a month"),
                text("found", "it ends in 7 days"),
                text("expires_at", at.checked_add(SignedDuration::from_hours(7 * 24)).unwrap_or(at).to_string()),
                NotificationFact::number("days_left", 7),
                text("fix", "archivist doctor --sas-stdin"),
            ],
        ),
        Event::BastionSuffixLimit => (
            "stbastionrec01/recordings".to_owned(),
            vec![
                text("check", "container.suffixes"),
                text("expected", "names are far from their last suffix"),
                text("found", "1 names are near their last suffix, vm-web-01-azureuser is at .201"),
                text("fix", "archivist retention plan"),
            ],
        ),
        Event::PostureFinding => (
            "bas-hub-01".to_owned(),
            vec![
                text("check", "bastion.recording"),
                text("bastion", "bas-hub-01"),
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
                text("resource", BASTION),
                text("by", "ada@contoso.example"),
                text("from", "198.51.100.7"),
                text("correlation_id", "0e7d6a52-6c43-4f0a-9a55-2d1b6c3f8e90"),
                NotificationFact::number("findings", 1),
                NotificationFact::number("not_checked", 0),
                text("found", "session recording is on: off: nothing is recorded"),
                text("severity", "critical"),
            ],
        ),
        Event::RetentionAborted => (
            "retention".to_owned(),
            vec![
                text("reason", "312 deletions in one run, of 100 allowed"),
                text("plan", "9f2c"),
                NotificationFact::number("recordings", 312),
                NotificationFact::number("size_bytes", 15_411_200_000),
                text("approve_with", "archivist retention approve 9f2c"),
            ],
        ),
        Event::LedgerBroken => (
            "ledger".to_owned(),
            vec![
                text("segment", "000003"),
                NotificationFact::number("line", 17),
                NotificationFact::number("byte", 8_412),
                text("reason", "it is not chained to the previous line"),
                text("verify_with", "archivist ledger verify"),
            ],
        ),
        Event::InputQuarantined => (
            "recording_landed".to_owned(),
            vec![
                text("quarantine", "qrn_507h7sfwqs0kbjad25wp4wz0gm"),
                text("reason", "it is not JSON"),
                NotificationFact::number("size_bytes", 812),
            ],
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
        _ => (recording::NAME.to_owned(), recording::told(event, at)),
    }
}

/// Returns `at` minus `passed`, or `at` if that is out of range.
fn ago(at: Timestamp, passed: SignedDuration) -> Timestamp {
    at.checked_sub(passed).unwrap_or(at)
}

fn text(name: &str, value: impl Into<String>) -> NotificationFact {
    NotificationFact::text(name, value)
}
