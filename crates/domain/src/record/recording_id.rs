//! Id of a catalogue entry.

use std::fmt;

use jiff::Timestamp;
use thiserror::Error;

use crate::address::BlobAddress;
use crate::digest;

const PREFIX: &str = "rec_";
const NAME_BITS: u32 = 48;
const FIRST_WORD_BITS: u32 = 32;

/// `rec_` and 26 base-32 digits: 48 bits of time (milliseconds since 1970), 48 bits of the blob's address, 32 bits of
/// the first report of this life of the blob: a storage event or an observation.
///
/// A *life* is one existence of a blob under its name. Ids sort by time. The same first report about the same blob
/// always gives the same id. The address bits are equal for all lives of a name, so a store can keep them together and
/// find them by id alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(u128);

/// Error: the text is not a recording id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a recording id (`rec_` and 26 letters or digits)")]
pub struct NotARecordingId(pub String);

impl RecordingId {
    /// Derives the id of the life first reported by `first_word` at `at`.
    pub fn derive(address: &BlobAddress, at: Timestamp, first_word: &[u8]) -> Self {
        let millis = u128::from(at.as_millisecond().max(0).unsigned_abs()) & ((1 << 48) - 1);
        let word = digest::number(&[first_word], FIRST_WORD_BITS);
        Self(
            (millis << (NAME_BITS + FIRST_WORD_BITS))
                | (u128::from(name_key(address)) << FIRST_WORD_BITS)
                | u128::from(word),
        )
    }

    /// Returns the lowest possible id of a life first reported at `at` or later.
    pub fn first_at(at: Timestamp) -> Self {
        let millis = u128::from(at.as_millisecond().max(0).unsigned_abs()) & ((1 << 48) - 1);
        Self(millis << (NAME_BITS + FIRST_WORD_BITS))
    }

    /// Returns the time of the first report, in whole milliseconds.
    pub fn first_received(self) -> Timestamp {
        let millis = i64::try_from(self.0 >> (NAME_BITS + FIRST_WORD_BITS)).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }

    /// Returns the 48 bits that all lives of one blob name share; see [`name_key`].
    pub fn name_key(self) -> u64 {
        (self.0 >> FIRST_WORD_BITS) as u64 & ((1 << NAME_BITS) - 1)
    }

    /// Parses the text form. Returns an error for any other text.
    pub fn parse(text: &str) -> Result<Self, NotARecordingId> {
        text.strip_prefix(PREFIX)
            .and_then(digest::from_base32)
            .map(Self)
            .ok_or_else(|| NotARecordingId(text.to_owned()))
    }
}

/// Returns the 48 bits by which stores group the lives of one name. Different names may collide: compare addresses too.
pub fn name_key(address: &BlobAddress) -> u64 {
    let parts = [address.account.as_str(), address.container.as_str(), address.name.as_str()];
    digest::number(&parts.map(str::as_bytes), NAME_BITS)
}

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", digest::base32(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(name: &str) -> BlobAddress {
        BlobAddress::parse("stbastionrec01", "recordings", name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_id_never_changes_once_given() {
        let id = RecordingId::derive(&address("vm-user"), at("2026-03-02T09:12:44.5Z"), b"written 0a");
        assert_eq!(id.to_string(), "rec_01kjpx4h6mq5hk78pw6n85n875");
        assert_eq!(RecordingId::parse(&id.to_string()), Ok(id));
        assert_eq!(id.first_received(), at("2026-03-02T09:12:44.5Z"));
    }

    #[test]
    fn ids_sort_by_time() {
        let early = RecordingId::derive(&address("z"), at("2026-03-02T09:12:44.500Z"), b"z");
        let late = RecordingId::derive(&address("a"), at("2026-03-02T09:12:44.501Z"), b"a");
        assert!(early < late && early.to_string() < late.to_string());
        assert!(RecordingId::first_at(at("2026-03-02T09:12:44.500Z")) <= early);
        assert!(RecordingId::first_at(at("2026-03-02T09:12:44.501Z")) > early);
    }

    #[test]
    fn all_lives_of_a_name_share_the_name_key() {
        let one = RecordingId::derive(&address("vm-user"), at("2026-03-02T09:12:44Z"), b"1");
        let two = RecordingId::derive(&address("vm-user"), at("2027-03-02T09:12:44Z"), b"2");
        assert_eq!(one.name_key(), two.name_key());
        assert_eq!(one.name_key(), name_key(&address("vm-user")));
        assert_ne!(one.name_key(), name_key(&address("vm-user.1")));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "rec_", "rec_1", "REC_01m4q0h2s4zzzzzzzzzzzzzzzz", "01m4q0h2s4zzzzzzzzzzzzzzzz"] {
            assert!(RecordingId::parse(text).is_err(), "{text}");
        }
    }
}
