//! Times and counts as integer columns.

use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Version;

/// Nanoseconds since 1970, clamped to the range from 1678 to 2262.
pub(super) fn from_time(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

/// Parses the time written by [`from_time`].
pub(super) fn to_time(column: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_nanos(column)).unwrap_or_default()
}

pub(super) fn from_version(version: Version) -> i64 {
    version.0.cast_signed()
}

pub(super) fn to_version(column: i64) -> Version {
    Version(column.cast_unsigned())
}

/// Number of rows for a LIMIT clause.
pub(super) fn from_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
