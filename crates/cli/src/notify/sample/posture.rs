//! Samples about the setup.

use domain::record::notification::{Event, NotificationFact};
use jiff::{SignedDuration, Timestamp};

use super::{BASTION, text};

/// Returns the subject and the facts of an event about the setup, or `None` for any other event.
pub(super) fn facts_of(event: Event, at: Timestamp) -> Option<(String, Vec<NotificationFact>)> {
    let facts = match event {
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
        _ => return None,
    };
    Some(facts)
}
