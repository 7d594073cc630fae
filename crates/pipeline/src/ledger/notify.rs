//! Notification of a break in the ledger's chain.

use domain::record::ledger::Break;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;

/// Builds the notification of a break first found by the round begun at `since`. Its id covers the place, the reason
/// and the round, so finding the same break again produces the same notification.
pub(super) fn broken(at: &Break, since: Timestamp, now: Timestamp) -> Notification {
    let Break { segment, line, offset, reason } = at;
    Notification {
        facts: vec![
            NotificationFact::text("segment", segment.to_string()),
            NotificationFact::number("line", *line),
            NotificationFact::number("byte", *offset),
            NotificationFact::text("reason", reason.to_string()),
            NotificationFact::text("verify_with", "archivist ledger verify"),
        ],
        ..Notification::new("ledger", Event::LedgerBroken, &format!("{at} since {since}"), now)
    }
}
