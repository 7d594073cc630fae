//! Lookup rows of entries.

use std::collections::BTreeSet;

use domain::address::{BlobName, ContainerAddress};
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Due, Heading, ListRequest, NameRange};

use super::{Lookup, Lookups, in_list, key, range};
use crate::tables::keys::{BEHIND, from_newest_first, from_time, hash, newest_first, time};
use crate::tables::ordered::ordered;
use crate::tables::wire::Range;

/// List of all entries.
const ALL: &str = "all";
/// List of entries with due work.
pub(in crate::tables) const DUE: &str = "due";
/// List of entries the retention sweep must visit.
pub(in crate::tables) const DISPOSALS: &str = "disposals";

/// List of a heading, or of all entries.
pub(in crate::tables) fn list_of(under: Option<&Heading>) -> String {
    under.map_or_else(|| ALL.to_owned(), |heading| format!("{}_{}", heading.kind(), hash(&[heading.value()])))
}

/// True if the rows of a list hold copies of the entries: the list is read whole, or often.
pub(in crate::tables) fn has_copies(under: Option<&Heading>) -> bool {
    matches!(under, None | Some(Heading::Bastion(_) | Heading::Session(_) | Heading::Deleted(_)))
}

/// Lookup rows of an entry as it is saved.
pub(in crate::tables) fn of_entry(entry: &Entry) -> Lookups {
    let id = newest_first(entry.id);
    let mut copies = BTreeSet::from([Lookup::new(ALL, &*id)]);
    if let Some(created) = entry.created_at() {
        let row = format!("{}_{}", time(created), entry.id);
        copies.extend(entry.keys.iter().map(|key| Lookup::new(of_name(&entry.bastion, key), &*row)));
    }
    copies.insert(Lookup::new(of_container(&entry.address.container()), place_by_name(&entry.address.name, entry.id)));
    let (copied, listed): (Vec<_>, Vec<_>) =
        Heading::for_entry(entry).into_iter().partition(|heading| has_copies(Some(heading)));
    copies.extend(copied.iter().map(|heading| Lookup::new(list_of(Some(heading)), &*id)));
    let listed = listed.into_iter().map(|heading| Lookup::new(list_of(Some(&heading)), &*id));
    let timed = [(DUE, entry.due_at()), (DISPOSALS, entry.disposal_at())];
    let timed = timed.into_iter().filter_map(|(list, at)| Some(Lookup::new(list, timed_row(at?, entry.id))));
    Lookups { copies, keys: listed.chain(timed).collect() }
}

/// Row of [`DUE`] or [`DISPOSALS`] for an entry that becomes due at `at`.
fn timed_row(at: Timestamp, id: RecordingId) -> String {
    format!("{}_{id}", time(at))
}

/// Range of a listing.
pub(in crate::tables) fn newest(list: &str, request: &ListRequest) -> Range {
    let mut range = range(list);
    if let Some(below) = request.below {
        range = range.behind(key(list, &newest_first(below)));
    }
    if let Some(from) = request.from {
        range = range.before(key(list, &format!("{}{BEHIND}", newest_first(from))));
    }
    range
}

/// Range of [`DUE`] or [`DISPOSALS`] that is due, after a position.
pub(in crate::tables) fn timed(list: &str, until: Timestamp, after: Option<&Due>) -> Range {
    let range = range(list).before(key(list, &format!("{}_{BEHIND}", time(until))));
    match after {
        Some(Due { at, id }) => range.behind(key(list, &timed_row(*at, *id))),
        None => range,
    }
}

/// Range of entries that may be named after a key and were created within a time span.
pub(in crate::tables) fn named(bastion: &BastionName, name: &JoinKey, created: TimeSpan) -> Range {
    let list = of_name(bastion, name);
    let last = format!("{}_{BEHIND}", time(created.last));
    range(&list).from(key(&list, &time(created.first))).before(key(&list, &last))
}

/// Range of the entries of a container by name.
pub(in crate::tables) fn by_name(wanted: &NameRange<'_>) -> Range {
    let list = of_container(wanted.container);
    let mut range = range(&list);
    if let Some((name, id)) = wanted.after {
        range = range.behind(key(&list, &place_by_name(name, id)));
    }
    if let Some(until) = wanted.until {
        range = range.before(key(&list, &format!("{}!{BEHIND}", ordered(until.as_str().as_bytes()))));
    }
    range
}

fn of_container(container: &ContainerAddress) -> String {
    format!("in_{}", hash(&[container.account.as_str(), container.container.as_str()]))
}

fn place_by_name(name: &BlobName, id: RecordingId) -> String {
    // The separator sorts before all letters, so a name comes before its extensions.
    format!("{}!{id}", ordered(name.as_str().as_bytes()))
}

/// Parses the entry of a listing row.
pub(in crate::tables) fn to_listed(row: &str) -> Option<RecordingId> {
    from_newest_first(in_list(row))
}

/// Parses the entry of a row of [`named`] or [`by_name`].
pub(in crate::tables) fn to_named(row: &str) -> Option<RecordingId> {
    RecordingId::parse(row.get(row.rfind("rec_")?..)?).ok()
}

/// True for a row of [`DUE`] or [`DISPOSALS`].
pub(in crate::tables) fn is_timed(row: &str) -> bool {
    [DUE, DISPOSALS].iter().any(|list| row.starts_with(&key(list, "")))
}

/// Parses time and entry of a row of [`DUE`] or [`DISPOSALS`].
pub(in crate::tables) fn to_due(row: &str) -> Option<Due> {
    let (at, id) = in_list(row).split_once('_')?;
    Some(Due { at: from_time(at)?, id: RecordingId::parse(id).ok()? })
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

    fn id(at: &str) -> RecordingId {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        RecordingId::derive(&address, at.parse().unwrap(), b"1")
    }

    #[test]
    fn rows_of_listings_come_newest_first() {
        let (early, late) = (id("2026-03-02T09:12:44Z"), id("2026-03-02T09:12:45Z"));
        assert!(newest_first(late) < newest_first(early));
        assert_eq!(to_listed(&key(ALL, &newest_first(late))), Some(late));
        assert_eq!(to_listed("no row of ours"), None);
    }

    #[test]
    fn due_rows_come_in_the_order_of_time() {
        let (id, at) = (id("2026-03-02T09:12:44Z"), "2026-03-02T09:12:44.000000001Z".parse().unwrap());
        let row = timed_row(at, id);
        assert_eq!(to_due(&key(DUE, &row)), Some(Due { at, id }));
        assert!(row < timed_row("2026-03-02T09:12:44.1Z".parse().unwrap(), id));
        assert_eq!(to_due("no row of ours"), None);
    }

    #[test]
    fn rows_by_name_come_in_the_order_of_names_and_ids() {
        let names =
            ["a", "ab", "abc", "abc-", "abc.1", "abcZ", "abca", "b", "z/1"].map(|name| BlobName::parse(name).unwrap());
        let ids = [id("2026-03-02T09:12:44Z"), id("2026-03-02T09:12:45Z")];
        let rows: Vec<String> = names.iter().flat_map(|name| ids.map(|id| place_by_name(name, id))).collect();
        assert!(rows.is_sorted(), "{rows:?}");
        assert_eq!(to_named(&key("in_x", &rows[1])), Some(ids[1]));
    }

    /// Every later version reads rows written earlier, so the test spells their keys out.
    #[test]
    fn an_expiring_entry_has_a_retention_row_beside_its_due_row() {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        let at = "2026-03-02T09:12:44Z".parse().unwrap();
        let mut entry = expiring(&address, &ETag::new("0x8D1"), at);
        entry.wake_at = Some(at);
        let timed = |entry: &Entry| -> Vec<String> {
            let keys = of_entry(entry).keys.into_iter().map(|row| key(&row.list, &row.row));
            keys.filter(|key| key.starts_with('d')).collect()
        };
        let id = entry.id;
        let expected = [format!("disposals!1772709164000000000_{id}"), format!("due!1772442764000000000_{id}")];
        assert_eq!(timed(&entry), expected);
        entry.custody.disposal = None;
        entry.custody.retention = None;
        assert_eq!(timed(&entry), expected[1..], "no disposal is planned");
    }
}
