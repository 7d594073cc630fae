//! Which events and sightings of one name belong to the same life.
//!
//! A pure function of *sets*: what was heard and what was seen. So the lives do not depend on the order in
//! which anything arrived. A delete closes a life; so does a creation time later than the writes before it,
//! where the delete was lost.

use super::life::{Life, Sighting};
use super::marks::{Marks, order};
use crate::blob::{BlobEvent, Happening, whole_second};

/// A sighting, and whether the blob was there just now.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) sighting: Sighting,
    pub(super) now: bool,
}

/// The lives, oldest first. `events` in any order, doubles allowed; every `born` at most once.
pub(super) fn partition(events: Vec<BlobEvent>, seen: Vec<Seen>) -> Vec<Life> {
    let mut spans = spans(events);
    let mut placed: Vec<(usize, Sighting)> = Vec::with_capacity(seen.len());
    for Seen { sighting, now } in seen {
        let at = place(&spans, &sighting, now);
        if at == spans.len() {
            spans.push(Vec::new());
        }
        placed.push((at, sighting));
    }
    spans
        .into_iter()
        .enumerate()
        .flat_map(|(at, span)| {
            let mut sightings: Vec<Sighting> =
                placed.iter().filter(|(place, _)| *place == at).map(|(_, sighting)| sighting.clone()).collect();
            sightings.sort_by_key(|sighting| sighting.born);
            by_birth(span, sightings)
        })
        .collect()
}

/// Cuts the events after each delete.
fn spans(mut events: Vec<BlobEvent>) -> Vec<Vec<BlobEvent>> {
    events.sort_by(order);
    events.dedup_by(|b, a| order(a, b).is_eq());
    let mut spans = vec![Vec::new()];
    for event in events {
        let closes = event.what.is_delete();
        if let Some(span) = spans.last_mut() {
            span.push(event);
        }
        if closes {
            spans.push(Vec::new());
        }
    }
    if spans.last().is_some_and(Vec::is_empty) {
        spans.pop();
    }
    spans
}

/// The span that a sighting belongs to; `spans.len()` for a new one after all others.
fn place(spans: &[Vec<BlobEvent>], sighting: &Sighting, now: bool) -> usize {
    let open = match spans.last() {
        Some(last) if closing(last).is_none() => spans.len() - 1,
        _ => spans.len(),
    };
    if now {
        // The look came after every delete heard of, so what it showed outlived them all.
        return open;
    }
    let by_content = spans.iter().position(|span| span.iter().any(|event| tells_of(event, sighting)));
    let by_time = || {
        spans.iter().position(|span| {
            closing(span).is_some_and(|deleted| whole_second(deleted.at) >= sighting.properties.last_modified)
        })
    };
    by_content.or_else(by_time).unwrap_or(open)
}

/// Cuts a span where a blob was born although no delete was heard.
fn by_birth(span: Vec<BlobEvent>, sightings: Vec<Sighting>) -> Vec<Life> {
    let mut unseen = Vec::new();
    let mut seen: Vec<Vec<BlobEvent>> = vec![Vec::new(); sightings.len()];
    for event in span {
        let by_content = sightings.iter().position(|sighting| tells_of(&event, sighting));
        let by_time = || sightings.iter().rposition(|sighting| sighting.born <= whole_second(event.at));
        let last = || sightings.len().checked_sub(1);
        let owner = if event.what.is_delete() { last() } else { by_content.or_else(by_time) };
        match owner {
            Some(at) => seen[at].push(event),
            None => unseen.push(event),
        }
    }
    let before = (!unseen.is_empty()).then(|| Life { marks: Marks::new(unseen, None), sighting: None });
    let after = sightings
        .into_iter()
        .zip(seen)
        .map(|(sighting, events)| Life { marks: Marks::new(events, None), sighting: Some(sighting) });
    before.into_iter().chain(after).collect()
}

/// The delete that closes a span.
fn closing(span: &[BlobEvent]) -> Option<&BlobEvent> {
    span.last().filter(|event| event.what.is_delete())
}

/// Whether the event wrote the very content that was seen.
pub(super) fn tells_of(event: &BlobEvent, sighting: &Sighting) -> bool {
    matches!(&event.what, Happening::Written { etag: Some(etag), .. } if *etag == sighting.properties.etag)
}
