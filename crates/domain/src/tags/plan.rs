//! The tags that make an entry visible in storage.

use super::{TagKey, TagValue};
use crate::catalogue::{Entry, State};
use crate::session::SessionFacts;

/// One tag of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTag {
    /// The key, beginning with `bsr-`.
    pub key: TagKey,
    /// The value.
    pub value: TagValue,
}

/// Our tags for this entry, in falling priority: what stands first is written where room is short.
pub fn plan(entry: &Entry) -> Vec<PlannedTag> {
    let verdict = &entry.joined.verdict;
    let state = if entry.state == State::Active { "active" } else { verdict.name() };
    let start = entry.created_at().map(|at| at.to_string());
    let session = verdict.session();
    [
        ("bsr-hold", Some("none".to_owned())),
        ("bsr-state", Some(state.to_owned())),
        ("bsr-session", session.map(|session| session.tunnel_id.to_string())),
        ("bsr-user", entry.joined.tagged_person.clone()),
        ("bsr-vm", session.and_then(SessionFacts::machine)),
        ("bsr-start", start),
    ]
    .into_iter()
    .filter_map(|(key, value)| {
        // A value that no tag can carry is left out rather than altered.
        Some(PlannedTag { key: TagKey::parse(key).ok()?, value: TagValue::parse(&value?).ok()? })
    })
    .collect()
}
