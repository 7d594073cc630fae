//! Groups the events and observations of one blob name into lives.
//!
//! A pure function of two sets, events and observations: the order of arrival does not matter. A delete closes a life.
//! If the delete was lost, a creation time later than earlier writes closes it.

use crate::record::blob::{BlobEvent, Happening, whole_second};
use crate::record::catalogue::{BlobEvents, Life, Observation, order};

/// Observation, with a flag if the blob was observed by the present input.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    pub(super) observation: Observation,
    pub(super) now: bool,
}

/// Returns the lives, oldest first. `events` may be unsorted and contain duplicates; every `Observation::epoch_start` occurs
/// at most once.
pub(super) fn partition(events: Vec<BlobEvent>, seen: Vec<Observed>) -> Vec<Life> {
    let mut spans = spans(events);
    let mut placed: Vec<(usize, Observation)> = Vec::with_capacity(seen.len());
    for Observed { observation, now } in seen {
        let at = place(&spans, &observation, now);
        if at == spans.len() {
            spans.push(Vec::new());
        }
        placed.push((at, observation));
    }
    spans
        .into_iter()
        .enumerate()
        .flat_map(|(at, span)| {
            let mut observations: Vec<Observation> =
                placed.iter().filter(|(place, _)| *place == at).map(|(_, observation)| observation.clone()).collect();
            observations.sort_by_key(|observation| observation.epoch_start);
            by_birth(span, observations)
        })
        .collect()
}

/// Splits the events after each delete.
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

/// Returns the span of an observation; `spans.len()` for a new span after all others.
fn place(spans: &[Vec<BlobEvent>], observation: &Observation, now: bool) -> usize {
    let open = match spans.last() {
        Some(last) if closing(last).is_none() => spans.len() - 1,
        _ => spans.len(),
    };
    if now {
        // The blob was read after every received delete, so the content outlived them all.
        return open;
    }
    let by_content = spans.iter().position(|span| span.iter().any(|event| wrote_observed(event, observation)));
    let by_time = || {
        spans.iter().position(|span| {
            closing(span).is_some_and(|deleted| whole_second(deleted.at) >= observation.properties.last_modified)
        })
    };
    by_content.or_else(by_time).unwrap_or(open)
}

/// Splits a span at each creation whose preceding delete event is missing.
fn by_birth(span: Vec<BlobEvent>, observations: Vec<Observation>) -> Vec<Life> {
    let mut unseen = Vec::new();
    let mut seen: Vec<Vec<BlobEvent>> = vec![Vec::new(); observations.len()];
    for event in span {
        let by_content = observations.iter().position(|observation| wrote_observed(&event, observation));
        let by_time = || observations.iter().rposition(|observation| observation.epoch_start <= whole_second(event.at));
        let last = || observations.len().checked_sub(1);
        let owner = if event.what.is_delete() { last() } else { by_content.or_else(by_time) };
        match owner {
            Some(at) => seen[at].push(event),
            None => unseen.push(event),
        }
    }
    let before = (!unseen.is_empty()).then(|| Life { blob_events: BlobEvents::new(unseen, None), observation: None });
    let after = observations.into_iter().zip(seen).map(|(observation, events)| Life {
        blob_events: BlobEvents::new(events, None),
        observation: Some(observation),
    });
    before.into_iter().chain(after).collect()
}

/// Returns the closing delete of a span.
fn closing(span: &[BlobEvent]) -> Option<&BlobEvent> {
    span.last().filter(|event| event.what.is_delete())
}

/// Returns true if the event wrote the observed content.
pub(super) fn wrote_observed(event: &BlobEvent, observation: &Observation) -> bool {
    matches!(&event.what, Happening::Written { etag: Some(etag), .. } if *etag == observation.properties.etag)
}
