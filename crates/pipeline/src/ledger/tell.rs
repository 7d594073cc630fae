//! Notification of a break in the ledger's chain.

use domain::ledger::Break;
use domain::notification::{Event, Fact, Notification, NotificationId};
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
            Fact::text("segment", segment.to_string()),
            Fact::number("line", *line),
            Fact::number("byte", *offset),
            Fact::text("reason", reason.to_string()),
            Fact::text("verify_with", "archivist ledger verify"),
        ],
        link: None,
    }
}
