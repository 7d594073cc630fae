//! Times and counts as the integers of a column.

use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Version;

/// Nanoseconds since 1970; what lies before 1678 or after 2262 is moved there.
pub(super) fn from_time(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

/// The time that [`from_time`] wrote.
pub(super) fn to_time(column: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_nanos(column)).unwrap_or_default()
}

/// The column's form of a version.
pub(super) fn from_version(version: Version) -> i64 {
    version.0.cast_signed()
}

/// The version that [`from_version`] wrote.
pub(super) fn to_version(column: i64) -> Version {
    Version(column.cast_unsigned())
}

/// A number of rows for a LIMIT clause.
pub(super) fn from_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
