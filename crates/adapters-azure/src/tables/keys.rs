//! The keys of all rows. None has a character that the service refuses, whatever a blob is called.

use domain::address::BlobAddress;
use domain::digest;
use domain::notification::NotificationId;
use domain::recording_id::{RecordingId, name_key};
use jiff::{SignedDuration, Timestamp};

/// Sorts behind everything that a key may go on with.
pub(super) const BEHIND: &str = "~";

/// The partition of a name in table `entries`.
pub(super) fn name_partition(address: &BlobAddress) -> String {
    format!("{:012x}", name_key(address))
}

/// The partition of the name that an entry belongs to.
pub(super) fn entry_partition(id: RecordingId) -> String {
    format!("{:012x}", id.name_key())
}

/// The row of a name; names may share a partition, and 128 bits keep them apart.
pub(super) fn name_row(address: &BlobAddress) -> String {
    let parts = [address.account.as_str(), address.container.as_str(), address.name.as_str()];
    let hash = digest::of(&parts.map(str::as_bytes));
    let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
    format!("name_{:032x}", u128::from_be_bytes(first))
}

/// The partition of a notification in its table: one of 1,024, by the first digits of its hash.
pub(super) fn notification_partition(id: &NotificationId) -> String {
    id.as_str().get(..6).unwrap_or_default().to_owned()
}

/// An id with all bits turned, so that the newest comes first.
pub(super) fn newest_first(id: RecordingId) -> String {
    let bits = id.to_string().strip_prefix("rec_").and_then(digest::from_base32).unwrap_or_default();
    digest::base32(!bits)
}

/// The id that [`newest_first`] wrote.
pub(super) fn from_newest_first(text: &str) -> Option<RecordingId> {
    RecordingId::parse(&format!("rec_{}", digest::base32(!digest::from_base32(text)?))).ok()
}

/// Nanoseconds since 1970 in nineteen digits, whose order is that of time until 2262.
pub(super) fn time(at: Timestamp) -> String {
    format!("{:019}", i64::try_from(at.as_nanosecond().max(0)).unwrap_or(i64::MAX))
}

/// The time that [`time`] wrote.
pub(super) fn from_time(text: &str) -> Option<Timestamp> {
    let nanoseconds = text.parse().ok().map(SignedDuration::from_nanos)?;
    Timestamp::UNIX_EPOCH.checked_add(nanoseconds).ok()
}

/// A revision or version in sixteen digits.
pub(super) fn number(number: u64) -> String {
    format!("{number:016x}")
}

/// The number that [`number`] wrote.
pub(super) fn from_number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
