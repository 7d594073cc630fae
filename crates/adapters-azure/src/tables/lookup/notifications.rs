//! Lookup rows of notifications.

use jiff::Timestamp;
use pipeline::ports::NotificationRecord;

use super::{Lookup, Lookups, in_list};
use crate::tables::keys::{from_time, time};

/// List of removable notifications.
pub(in crate::tables) const FORGOTTEN: &str = "forgotten";

/// List of notifications with a delivery that was given up.
pub(in crate::tables) const GIVEN_UP: &str = "given_up";

/// Lookup rows of a notification: when it may be removed, and when a delivery was given up.
pub(in crate::tables) fn of_notification(record: &NotificationRecord) -> Lookups {
    let ways = [(FORGOTTEN, record.forgotten_at()), (GIVEN_UP, record.given_up_at())];
    let lookup =
        |(list, at): (&str, Option<_>)| Some(Lookup::new(list, format!("{}_{}", time(at?), record.id.as_str())));
    Lookups { keys: ways.into_iter().filter_map(lookup).collect(), ..Lookups::default() }
}

/// Parses time and id of a row of [`FORGOTTEN`] or [`GIVEN_UP`].
pub(in crate::tables) fn to_timed(row: &str) -> Option<(Timestamp, &str)> {
    let (at, id) = in_list(row).split_once('_')?;
    Some((from_time(at)?, id))
}
