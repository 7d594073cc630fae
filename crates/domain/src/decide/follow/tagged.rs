//! Judges whether a blob carries our tags.

use jiff::Timestamp;

use super::{FollowFacts, LATE, LinkState, is_late};
use crate::decide::posture::MaybeKnown;
use crate::record::catalogue::Entry;
use crate::record::effect::EffectId;
use crate::record::tags::TagSet;

/// Failed attempts from which the write counts as refused.
const TRIES: u32 = 2;

const FIX: &str = "give the identity of the app a role with tags/read and tags/write on the container (Storage Blob \
                   Data Owner has them): own.tags in archivist doctor prints the command";

pub(super) fn tags(facts: &FollowFacts, now: Timestamp) -> LinkState {
    let entry = match &facts.entry {
        MaybeKnown::Read(Some(entry)) => entry,
        MaybeKnown::Read(None) => return LinkState::waiting("written once the entry exists"),
        MaybeKnown::NotReadable(why) => return LinkState::Unknown(why.clone()),
    };
    if let Some(broken) = refused(entry) {
        return broken;
    }
    let ours: Vec<String> = match &facts.tags {
        MaybeKnown::Read(tags) => {
            let ours = tags.iter().flat_map(TagSet::ours);
            ours.map(|(key, value)| format!("{key}={value}")).collect()
        }
        MaybeKnown::NotReadable(why) => return as_catalogued(entry, why),
    };
    if !ours.is_empty() {
        return LinkState::Done { at: None, note: ours.join(", ") };
    }
    let made = entry.history.first().map(|change| change.at);
    if is_late(made, LATE, now) {
        return LinkState::broken("the blob has no bsr-* tags 10 minutes after its entry was made", FIX);
    }
    LinkState::waiting("the app writes them right after the entry")
}

/// Returns the state by the catalogue alone, because the tags of the blob may not be read.
fn as_catalogued(entry: &Entry, why: &str) -> LinkState {
    match &entry.tagged {
        Some(_) => LinkState::Done { at: None, note: format!("as the catalogue says; not read from the blob: {why}") },
        None => LinkState::Unknown(why.to_owned()),
    }
}

fn refused(entry: &Entry) -> Option<LinkState> {
    if let Some(pending) = entry.pending(&EffectId::Tags) {
        let (attempts, since) = (pending.attempts, pending.since);
        let why = format!("writing them failed {attempts} times since {since}, next try {}", pending.retry_at);
        return (attempts >= TRIES).then(|| LinkState::broken(why, FIX));
    }
    let given_up = entry.refusals.last().filter(|_| entry.tagged.is_none())?;
    Some(LinkState::broken(format!("given up at {}: {}", given_up.at, given_up.reason), FIX))
}
