//! Lookup rows of sessions.

use std::iter::once;

use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan, TunnelId};
use jiff::Timestamp;
use pipeline::ports::{SessionListRequest, SessionPlace};

use super::{Lookup, Lookups, key, range};
use crate::tables::keys::{BEHIND, from_time, hash, latest_first, time};
use crate::tables::ordered::ordered;
use crate::tables::wire::{Range, Row};

/// List of sessions with due work. Its rows have time and id as columns.
const DUE: &str = "due";

/// Lookup rows of a session as it is saved.
pub(in crate::tables) fn of_session(entry: &SessionEntry) -> Lookups {
    let place = SessionPlace { at: entry.at(), id: entry.id.clone() };
    let kinds = once(false).chain(entry.has_gap().then_some(true));
    let lists = kinds.flat_map(|gap| [list(gap, None), list(gap, Some(&entry.id.bastion))]);
    let row = newest_first(&place);
    let listed = lists.map(|list| Lookup::new(list, &*row));
    let found = entry.index().into_iter().map(|(key, at)| {
        let place = SessionPlace { at, id: entry.id.clone() };
        Lookup::new(of_key(&entry.id.bastion, &key), earliest_first(&place))
    });
    let due = entry.due_at().map(|at| Lookup::new(DUE, earliest_first(&SessionPlace { at, id: entry.id.clone() })));
    Lookups { copies: listed.chain(found).chain(due).collect(), ..Lookups::default() }
}

/// Range of sessions indexed under a key within a time span.
pub(in crate::tables) fn found(bastion: &BastionName, of: &IndexKey, within: TimeSpan) -> Range {
    let list = of_key(bastion, of);
    let last = format!("{}_{BEHIND}", time(within.last));
    range(&list).from(key(&list, &time(within.first))).before(key(&list, &last))
}

/// Range of a listing.
pub(in crate::tables) fn listed(request: &SessionListRequest) -> Range {
    let list = list(request.without_recording, request.bastion.as_ref());
    let mut range = range(&list);
    if let Some(below) = &request.below {
        range = range.behind(key(&list, &newest_first(below)));
    }
    if let Some(from) = request.from {
        range = range.before(key(&list, &format!("{}_{BEHIND}", latest_first(from))));
    }
    range
}

/// Range of due sessions, after a position.
pub(in crate::tables) fn sessions_due(until: Timestamp, after: Option<&SessionPlace>) -> Range {
    let range = range(DUE).before(key(DUE, &format!("{}_{BEHIND}", time(until))));
    match after {
        Some(after) => range.behind(key(DUE, &earliest_first(after))),
        None => range,
    }
}

/// Parses the place of a row in [`sessions_due`].
pub(in crate::tables) fn to_due_session(row: &Row) -> Option<SessionPlace> {
    let id = SessionId { bastion: BastionName::new(row.get("bastion")?), tunnel: TunnelId::parse(row.get("tunnel")?)? };
    Some(SessionPlace { at: from_time(row.get("due_at")?)?, id })
}

fn list(gaps: bool, bastion: Option<&BastionName>) -> String {
    let kind = if gaps { "gaps" } else { "sessions" };
    bastion.map_or_else(|| kind.to_owned(), |bastion| format!("{kind}_{}", hash(&[bastion.as_str()])))
}

fn of_key(bastion: &BastionName, key: &IndexKey) -> String {
    format!("found_{}", hash(&[bastion.as_str(), key.as_str()]))
}

fn earliest_first(place: &SessionPlace) -> String {
    format!(
        "{}_{}_{}",
        time(place.at),
        ordered(&id(&place.id)),
        hash(&[place.id.bastion.as_str(), place.id.tunnel.as_str()])
    )
}

fn newest_first(place: &SessionPlace) -> String {
    let turned: Vec<u8> = id(&place.id).into_iter().map(|byte| !byte).collect();
    let hash = hash(&[place.id.bastion.as_str(), place.id.tunnel.as_str()]);
    format!("{}_{}_{hash}", latest_first(place.at), ordered(&turned))
}

/// Ends each part with a byte that occurs in no part, so no part continues into the next.
fn id(id: &SessionId) -> Vec<u8> {
    [id.bastion.as_str(), "\0", id.tunnel.as_str(), "\0"].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use domain::record::join_key::JoinKey;

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

    /// The service accepts 512 characters.
    #[test]
    fn the_longest_key_is_short_enough() {
        let tunnel = TunnelId::parse(&"t".repeat(128)).unwrap();
        let place =
            SessionPlace { at: Timestamp::MAX, id: SessionId { bastion: BastionName::new(&"b".repeat(1024)), tunnel } };
        let found = key(&of_key(&place.id.bastion, &IndexKey::started(&JoinKey::fold("vm"))), &earliest_first(&place));
        let listed = key(&list(true, Some(&place.id.bastion)), &newest_first(&place));
        assert!(found.len() <= 512 && listed.len() <= 512, "{} and {}", found.len(), listed.len());
    }
}
