//! Lookup rows of entries.

use std::collections::BTreeSet;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Due, Heading};

use super::{Lookup, Lookups};
use crate::tables::keys::{BEHIND, from_newest_first, from_number, hash, newest_first, number, time};
use crate::tables::wire::Range;

/// Partition of all entries.
const ALL: &str = "all";
/// Partition of entries with due work.
pub(in crate::tables) const DUE: &str = "due";
/// Partition of entries the retention sweep must visit.
pub(in crate::tables) const DISPOSALS: &str = "disposals";

/// Partitions that together hold the rows of a listing.
pub(in crate::tables) fn partitions(under: Option<&Heading>) -> Vec<String> {
    match under {
        None => vec![ALL.to_owned()],
        Some(Heading::State(state)) => Match::NAMES.iter().map(|verdict| standing(*state, verdict)).collect(),
        Some(Heading::Match(verdict)) => RecordingState::ALL.iter().map(|state| standing(*state, verdict)).collect(),
        Some(heading) => vec![under_heading(heading)],
    }
}

/// Lookup rows of an entry as it is saved.
pub(in crate::tables) fn of_entry(entry: &Entry) -> Lookups {
    let (id, revision) = (newest_first(entry.id), number(entry.revision));
    let verdict = entry.joined.verdict.name();
    let standing = Lookup { partition: standing(entry.state, verdict), row: format!("{id}_{revision}") };
    let timed = [(DUE, entry.due_at()), (DISPOSALS, entry.disposal_at())];
    let timed =
        timed.into_iter().filter_map(|(partition, at)| Some(timed_row(partition, at?, entry.id, entry.revision)));
    let passing = std::iter::once(standing).chain(timed).collect();
    Lookups { lasting: lasting(entry, &id), passing }
}

fn lasting(entry: &Entry, id: &str) -> BTreeSet<Lookup> {
    let headings = Heading::of(entry);
    let headings = headings.iter().filter(|heading| !is_standing(heading)).map(under_heading);
    let listed = std::iter::once(ALL.to_owned()).chain(headings);
    let listed = listed.map(|partition| Lookup { partition, row: id.to_owned() });
    let at = |at| format!("{}_{}", time(at), entry.id);
    let named = entry.created_at().into_iter().flat_map(|created| {
        let partitions = entry.keys.iter().map(|key| of_name(&entry.bastion, key));
        partitions.map(move |partition| Lookup { partition, row: at(created) })
    });
    listed.chain(named).collect()
}

/// Row in [`DUE`] or [`DISPOSALS`] for an entry that becomes due at `at`.
fn timed_row(partition: &str, at: Timestamp, id: RecordingId, revision: u64) -> Lookup {
    Lookup { partition: partition.to_owned(), row: format!("{}_{id}_{}", time(at), number(revision)) }
}

/// Range of [`DUE`] or [`DISPOSALS`] that is due, after a position.
pub(in crate::tables) fn timed(partition: &str, until: Timestamp, after: Option<&Due>) -> Range {
    let range = Range::partition(partition).before(format!("{}_{BEHIND}", time(until)));
    match after {
        Some(Due { at, id }) => range.behind(format!("{}_{id}_{BEHIND}", time(*at))),
        None => range,
    }
}

/// Range of entries that may be named after a key and were created within a time span.
pub(in crate::tables) fn named(bastion: &BastionName, key: &JoinKey, created: TimeSpan) -> Range {
    let range = Range::partition(of_name(bastion, key)).from(time(created.first));
    range.before(format!("{}_{BEHIND}", time(created.last)))
}

/// Parses the entry of a listing row, and the revision that wrote it if the row has one.
pub(in crate::tables) fn to_entry(row: &str) -> Option<(RecordingId, Option<u64>)> {
    match row.split_once('_') {
        None => Some((from_newest_first(row)?, None)),
        Some((id, revision)) => Some((from_newest_first(id)?, Some(from_number(revision)?))),
    }
}

/// Parses the entry of a row of [`named`].
pub(in crate::tables) fn to_named(row: &str) -> Option<RecordingId> {
    RecordingId::parse(row.split_once('_')?.1).ok()
}

/// Partition of a state and a verdict together. Every recording was active and pending once, so one row carries both,
/// and the next save removes it: a listing never walks obsolete rows.
fn standing(state: RecordingState, verdict: &str) -> String {
    format!("state_{}_{verdict}", state.name())
}

fn is_standing(heading: &Heading) -> bool {
    matches!(heading, Heading::State(_) | Heading::Match(_))
}

fn under_heading(heading: &Heading) -> String {
    format!("{}_{}", heading.kind(), hash(&[heading.value()]))
}

fn of_name(bastion: &BastionName, key: &JoinKey) -> String {
    format!("named_{}", hash(&[bastion.as_str(), key.as_str()]))
}

#[cfg(test)]
mod tests {
    use domain::address::BlobAddress;
    use domain::record::blob::ETag;
    use pipeline::testing::sample::expiring;

    use super::*;
    use crate::tables::lookup::to_timed;

    fn id(at: &str) -> RecordingId {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        RecordingId::derive(&address, at.parse().unwrap(), b"1")
    }

    #[test]
    fn rows_of_listings_come_newest_first() {
        let (early, late) = (id("2026-03-02T09:12:44Z"), id("2026-03-02T09:12:45Z"));
        assert!(newest_first(late) < newest_first(early));
        assert_eq!(to_entry(&newest_first(late)), Some((late, None)));
        assert_eq!(to_entry(&format!("{}_{}", newest_first(late), number(7))), Some((late, Some(7))));
        assert_eq!(to_entry("no row of ours"), None);
    }

    #[test]
    fn due_rows_come_in_the_order_of_time() {
        let (id, at) = (id("2026-03-02T09:12:44Z"), "2026-03-02T09:12:44.000000001Z".parse().unwrap());
        let row = timed_row(DUE, at, id, 3).row;
        assert_eq!(to_timed(&row), Some((at, id.to_string().as_str(), 3)));
        assert!(row < timed_row(DUE, "2026-03-02T09:12:44.1Z".parse().unwrap(), id, 2).row);
        assert_eq!(to_timed("no row of ours"), None);
    }

    /// Every later version reads rows written earlier, so the test spells their keys out.
    #[test]
    fn an_expiring_entry_has_a_retention_row_beside_its_due_row() {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        let at = "2026-03-02T09:12:44Z".parse().unwrap();
        let mut entry = expiring(&address, &ETag::new("0x8D1"), at);
        (entry.revision, entry.wake_at) = (3, Some(at));
        let rows = of_entry(&entry).passing.into_iter().map(|row| format!("{} {}", row.partition, row.row));
        let id = entry.id;
        let expected = [
            format!("disposals 1772709164000000000_{id}_0000000000000003"),
            format!("due 1772442764000000000_{id}_0000000000000003"),
            format!("state_expiring_pending {}_0000000000000003", newest_first(id)),
        ];
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        entry.custody.disposal = None;
        entry.custody.retention = None;
        assert!(of_entry(&entry).passing.iter().all(|row| row.partition != DISPOSALS), "no disposal is planned");
    }

    #[test]
    fn the_row_of_a_name_contains_the_entry_id() {
        let id = id("2026-03-02T09:12:44Z");
        assert_eq!(to_named(&format!("{}_{id}", time(Timestamp::UNIX_EPOCH))), Some(id));
        assert_eq!(to_named("no row of ours"), None);
    }
}
