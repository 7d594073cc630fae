//! Notification of a break in the ledger's chain.

use domain::ledger::Break;
use domain::notification::{Event, Notification, NotificationFact, NotificationId};
use jiff::Timestamp;

/// Builds the notification of a break first found by the round begun at `since`. Its id covers the place, the reason
/// and the round, so finding the same break again produces the same notification.
pub(super) fn broken(at: &Break, since: Timestamp, now: Timestamp) -> Notification {
    let event = Event::LedgerBroken;
    let Break { segment, line, offset, reason } = at;
    Notification {
        id: NotificationId::derive("ledger", event, &format!("{at} since {since}")),
        event,
        at: now,
        subject: "ledger".to_owned(),
        facts: vec![
            NotificationFact::text("segment", segment.to_string()),
            NotificationFact::number("line", *line),
            NotificationFact::number("byte", *offset),
            NotificationFact::text("reason", reason.to_string()),
            NotificationFact::text("verify_with", "archivist ledger verify"),
        ],
        link: None,
    }
}
