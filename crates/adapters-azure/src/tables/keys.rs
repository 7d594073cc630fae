//! The keys of all rows. None has a character that the service refuses, whatever a blob is called.

use domain::address::BlobAddress;
use domain::digest;
use domain::notification::NotificationId;
use domain::recording_id::{RecordingId, name_key};
use domain::session::SessionId;
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
    format!("name_{}", hash(&[address.account.as_str(), address.container.as_str(), address.name.as_str()]))
}

/// 128 bits of texts in 32 digits, which stand for any texts where their order does not matter.
pub(super) fn hash(texts: &[&str]) -> String {
    let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    let hash = digest::of(&texts);
    let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
    format!("{:032x}", u128::from_be_bytes(first))
}

/// The row of a session.
pub(super) fn session_row(id: &SessionId) -> String {
    hash(&[id.bastion.as_str(), id.tunnel.as_str()])
}

/// The partition of the session in this row: one of 256.
pub(super) fn session_partition(row: &str) -> &str {
    row.get(..2).unwrap_or_default()
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
    format!("{:019}", nanoseconds(at))
}

fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond().max(0)).unwrap_or(i64::MAX)
}

/// What [`time`] writes, turned, so that the latest comes first.
pub(super) fn latest_first(at: Timestamp) -> String {
    format!("{:019}", i64::MAX - nanoseconds(at))
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
