//! Rows that lead to a notification.

use pipeline::ports::{NotificationRecord, Version};

use super::Lookup;
use crate::tables::keys::{number, time};

/// The partition of notifications that may be forgotten.
pub(in crate::tables) const FORGOTTEN: &str = "forgotten";

/// The row that leads to a notification when it may be forgotten.
pub(in crate::tables) fn of_notification(record: &NotificationRecord, version: Version) -> Option<Lookup> {
    let row = |at| format!("{}_{}_{}", time(at), record.id.as_str(), number(version.0));
    record.forgotten_at().map(|at| Lookup { partition: FORGOTTEN.to_owned(), row: row(at) })
}
