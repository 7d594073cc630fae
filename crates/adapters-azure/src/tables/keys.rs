//! Keys of all rows. No key holds a character the service refuses, whatever the blob's name.

use domain::address::BlobAddress;
use domain::digest;
use domain::record::notification::NotificationId;
use domain::record::recording_id::{RecordingId, name_key};
use domain::record::session::SessionId;
use jiff::{SignedDuration, Timestamp};

/// Sorts after every character that can continue a key.
pub(super) const BEHIND: &str = "~";

/// The one partition of a table. A transaction spans one partition, so an item and the rows that lead to it share it.
pub(super) const PARTITION: &str = "all";

/// Beginning of the rows of the names with this key.
pub(super) fn name_prefix(address: &BlobAddress) -> String {
    prefix(name_key(address))
}

/// Beginning of the rows of the name an entry belongs to.
pub(super) fn entry_prefix(id: RecordingId) -> String {
    prefix(id.name_key())
}

fn prefix(name_key: u64) -> String {
    format!("of_{name_key:012x}!")
}

/// Row of a life.
pub(super) fn entry_row(id: RecordingId) -> String {
    format!("{}{id}", entry_prefix(id))
}

/// Row of a name. Names may share their key; 128 bits keep them apart.
pub(super) fn name_row(address: &BlobAddress) -> String {
    let hash = hash(&[address.account.as_str(), address.container.as_str(), address.name.as_str()]);
    format!("{}name_{hash}", name_prefix(address))
}

/// Hash over texts: 128 bits as 32 hex digits, for keys whose order does not matter.
pub(super) fn hash(texts: &[&str]) -> String {
    let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    let hash = digest::hash_parts(&texts);
    let first: [u8; 16] = std::array::from_fn(|at| hash[at]);
    format!("{:032x}", u128::from_be_bytes(first))
}

/// Row of a session.
pub(super) fn session_row(id: &SessionId) -> String {
    format!("of_{}", hash(&[id.bastion.as_str(), id.tunnel.as_str()]))
}

/// Row of a notification.
pub(super) fn notification_row(id: &NotificationId) -> String {
    format!("of_{}", id.as_str())
}

/// Id with all bits inverted, so the newest sorts first.
pub(super) fn newest_first(id: RecordingId) -> String {
    let bits = id.to_string().strip_prefix("rec_").and_then(digest::from_base32).unwrap_or_default();
    digest::base32(!bits)
}

/// Parses the id written by [`newest_first`].
pub(super) fn from_newest_first(text: &str) -> Option<RecordingId> {
    RecordingId::parse(&format!("rec_{}", digest::base32(!digest::from_base32(text)?))).ok()
}

/// Nanoseconds since 1970 in nineteen digits, which sort by time until 2262.
pub(super) fn time(at: Timestamp) -> String {
    format!("{:019}", nanoseconds(at))
}

fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond().max(0)).unwrap_or(i64::MAX)
}

/// Like [`time`], but inverted, so the latest sorts first.
pub(super) fn latest_first(at: Timestamp) -> String {
    format!("{:019}", i64::MAX - nanoseconds(at))
}

/// Parses the time written by [`time`].
pub(super) fn from_time(text: &str) -> Option<Timestamp> {
    let nanoseconds = text.parse().ok().map(SignedDuration::from_nanos)?;
    Timestamp::UNIX_EPOCH.checked_add(nanoseconds).ok()
}

/// Formats a revision or version as sixteen hex digits.
pub(super) fn number(number: u64) -> String {
    format!("{number:016x}")
}

/// Parses the number written by [`number`].
pub(super) fn from_number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
