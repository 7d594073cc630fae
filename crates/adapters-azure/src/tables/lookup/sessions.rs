//! Lookup rows of sessions.

use std::iter::once;

use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use jiff::Timestamp;
use pipeline::ports::{SessionListRequest, SessionPlace};

use super::{Lookup, Lookups};
use crate::tables::keys::{BEHIND, from_number, hash, latest_first, number, session_row, time};
use crate::tables::ordered::ordered;
use crate::tables::wire::Range;

/// Partition of sessions with due work.
const SESSIONS_DUE: &str = "sessions_due";

/// Lookup rows of a session as it is saved.
pub(in crate::tables) fn of_session(entry: &SessionEntry) -> Lookups {
    let place = SessionPlace { at: entry.at(), id: entry.id.clone() };
    let kinds = once(false).chain(entry.has_gap().then_some(true));
    let partitions = kinds.flat_map(|gap| [list_partition(gap, None), list_partition(gap, Some(&entry.id.bastion))]);
    let row = newest_first(&place);
    let listed = partitions.map(|partition| Lookup { partition, row: row.clone() });
    let found = entry.index().into_iter().map(|(key, at)| Lookup {
        partition: of_key(&entry.id.bastion, &key),
        row: earliest_first(&SessionPlace { at, id: entry.id.clone() }),
    });
    let due = entry.due_at().map(|at| {
        let place = SessionPlace { at, id: entry.id.clone() };
        let row = format!("{}_{}", earliest_first(&place), number(entry.revision));
        Lookup { partition: SESSIONS_DUE.to_owned(), row }
    });
    Lookups { lasting: listed.chain(found).collect(), passing: due.into_iter().collect() }
}

/// Range of sessions indexed under a key within a time span.
pub(in crate::tables) fn found(bastion: &BastionName, key: &IndexKey, within: TimeSpan) -> Range {
    let range = Range::partition(of_key(bastion, key)).from(time(within.first));
    range.before(format!("{}_{BEHIND}", time(within.last)))
}

/// Range of a listing.
pub(in crate::tables) fn listed(request: &SessionListRequest) -> Range {
    let mut range = Range::partition(list_partition(request.without_recording, request.bastion.as_ref()));
    if let Some(below) = &request.below {
        range = range.behind(newest_first(below));
    }
    if let Some(from) = request.from {
        range = range.before(format!("{}_{BEHIND}", latest_first(from)));
    }
    range
}

/// Range of due sessions, after a position.
pub(in crate::tables) fn sessions_due(until: Timestamp, after: Option<&SessionPlace>) -> Range {
    let range = Range::partition(SESSIONS_DUE).before(format!("{}_{BEHIND}", time(until)));
    match after {
        Some(after) => range.behind(format!("{}_{BEHIND}", earliest_first(after))),
        None => range,
    }
}

/// Parses the session of a listing row or of a row in [`found`].
pub(in crate::tables) fn to_session(row: &str) -> &str {
    row.rsplit_once('_').map_or(row, |(_, session)| session)
}

/// Parses the session of a row in [`sessions_due`], and the revision that wrote it.
pub(in crate::tables) fn to_due_session(row: &str) -> Option<(&str, u64)> {
    let (place, revision) = row.rsplit_once('_')?;
    Some((to_session(place), from_number(revision)?))
}

/// Row of a key without its time; sorts by id.
pub(in crate::tables) fn by_id(row: &str) -> &str {
    row.split_once('_').map_or(row, |(_, id)| id)
}

fn list_partition(gaps: bool, bastion: Option<&BastionName>) -> String {
    let kind = if gaps { "gaps" } else { "sessions" };
    bastion.map_or_else(|| kind.to_owned(), |bastion| format!("{kind}_{}", hash(&[bastion.as_str()])))
}

fn of_key(bastion: &BastionName, key: &IndexKey) -> String {
    format!("found_{}", hash(&[bastion.as_str(), key.as_str()]))
}

fn earliest_first(place: &SessionPlace) -> String {
    format!("{}_{}_{}", time(place.at), ordered(&id(&place.id)), session_row(&place.id))
}

fn newest_first(place: &SessionPlace) -> String {
    let turned: Vec<u8> = id(&place.id).into_iter().map(|byte| !byte).collect();
    format!("{}_{}_{}", latest_first(place.at), ordered(&turned), session_row(&place.id))
}

/// Ends each part with a byte that occurs in no part, so no part continues into the next.
fn id(id: &SessionId) -> Vec<u8> {
    [id.bastion.as_str(), "\0", id.tunnel.as_str(), "\0"].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use domain::record::session::TunnelId;

    use super::*;

    /// Places in the order of time and id.
    fn places() -> Vec<SessionPlace> {
        let tunnels = ["t", "t1", "t10", "t2", "u", "ä"];
        let ids = ["bas", "bas-1", "bas1"].map(|bastion| tunnels.map(|tunnel| (bastion, tunnel)));
        let at = |second| Timestamp::from_second(second).unwrap();
        let place = |at, (bastion, tunnel): (&str, &str)| SessionPlace {
            at,
            id: SessionId { bastion: BastionName::new(bastion), tunnel: TunnelId::parse(tunnel).unwrap() },
        };
        let places = [at(0), at(9), at(10)].map(|at| ids.as_flattened().iter().map(move |id| place(at, *id)));
        let places: Vec<_> = places.into_iter().flatten().collect();
        assert!(places.is_sorted());
        places
    }

    #[test]
    fn row_keys_sort_by_time_and_id_in_both_directions() {
        for pair in places().windows(2) {
            assert!(earliest_first(&pair[0]) < earliest_first(&pair[1]), "{pair:?}");
            assert!(newest_first(&pair[0]) > newest_first(&pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn rows_lead_to_the_session() {
        for place in places() {
            let session = session_row(&place.id);
            assert_eq!(to_session(&newest_first(&place)), session);
            let due = format!("{}_{}", earliest_first(&place), number(7));
            assert_eq!(to_due_session(&due), Some((session.as_str(), 7)));
        }
        assert_eq!(to_due_session("no row of ours"), None);
    }

    /// The service accepts 512 characters.
    #[test]
    fn the_longest_key_is_short_enough() {
        let tunnel = TunnelId::parse(&"t".repeat(128)).unwrap();
        let place =
            SessionPlace { at: Timestamp::MAX, id: SessionId { bastion: BastionName::new(&"b".repeat(1024)), tunnel } };
        let due = format!("{}_{}", earliest_first(&place), number(u64::MAX));
        assert!(due.len() <= 512 && newest_first(&place).len() <= 512, "{}", due.len());
    }
}
