//! Lookup rows of notifications.

use pipeline::ports::{NotificationRecord, Version};

use super::Lookup;
use crate::tables::keys::{number, time};

/// Partition of removable notifications.
pub(in crate::tables) const FORGOTTEN: &str = "forgotten";

/// Partition of notifications with a delivery that was given up.
pub(in crate::tables) const GIVEN_UP: &str = "given_up";

/// Lookup rows of a notification: when it may be removed, and when a delivery was given up.
pub(in crate::tables) fn of_notification(
    record: &NotificationRecord,
    version: Version,
) -> impl Iterator<Item = Lookup> + use<> {
    let ways = [(FORGOTTEN, record.forgotten_at()), (GIVEN_UP, record.given_up_at())];
    let id = record.id.as_str().to_owned();
    let lookup = move |(partition, at): (&str, Option<_>)| {
        let row = at.map(|at| format!("{}_{id}_{}", time(at), number(version.0)))?;
        Some(Lookup { partition: partition.to_owned(), row })
    };
    ways.into_iter().filter_map(lookup)
}
