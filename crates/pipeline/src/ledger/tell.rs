//! People hear where the chain of the ledger is broken.

use domain::ledger::Break;
use domain::notification::{Event, Fact, Notification, NotificationId};
use jiff::Timestamp;

/// What is told of a break that was first found by the round that began then. Its id is that of the place, the reason and
/// that round, so whoever finds the same again tells nothing new.
pub(super) fn broken(at: &Break, since: Timestamp, now: Timestamp) -> Notification {
    let event = Event::LedgerBroken;
    let Break { segment, line, offset, reason } = at;
    Notification {
        id: NotificationId::derive("ledger", event, &format!("{at} since {since}")),
        event,
        at: now,
        subject: "ledger".to_owned(),
        facts: vec![
            Fact::text("segment", segment.to_string()),
            Fact::number("line", *line),
            Fact::number("byte", *offset),
            Fact::text("reason", reason.to_string()),
            Fact::text("verify_with", "archivist ledger verify"),
        ],
        link: None,
    }
}
