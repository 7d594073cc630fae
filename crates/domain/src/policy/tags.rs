//! Plans the tags of an entry in storage.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, RecordingState};
use crate::record::join::WritingMode;
use crate::record::retention::{Custody, DeletionOrder, Executor};
use crate::record::session::SessionFacts;
use crate::record::tags::{CLASS, DUE, HOLD, NO_HOLD, PlannedTag, STATE, TagKey, TagValue, is_hold};

fn order_of(entry: &Entry) -> Option<DeletionOrder> {
    entry.custody.disposal.as_ref()?.order
}

/// Value of the hold tag if several cases hold a recording.
const MULTIPLE: &str = "multiple";

/// Returns our tags for this entry, in falling priority: if room is short, the last ones are dropped.
pub fn plan(entry: &Entry) -> Vec<PlannedTag> {
    let verdict = &entry.match_state.verdict;
    let is_handed_over = order_of(entry).is_some_and(|order| order.by == Executor::Lifecycle);
    let state = match entry.state {
        RecordingState::Active => "active",
        RecordingState::Expiring if is_handed_over => DUE,
        _ => verdict.name(),
    };
    let retention = entry.custody.retention.as_ref();
    let start = began_at(entry).map(|at| at.to_string());
    let session = verdict.session();
    [
        (HOLD, Some(hold(&entry.custody))),
        (CLASS, retention.map(|retention| retention.class.clone())),
        ("bsr-expires", retention.and_then(|retention| retention.delete_after).map(|date| date.to_string())),
        (STATE, Some(state.to_owned())),
        ("bsr-session", session.map(|session| session.tunnel_id.to_string())),
        ("bsr-user", entry.match_state.tagged_person.clone()),
        ("bsr-vm", session.and_then(SessionFacts::machine)),
        ("bsr-start", start),
    ]
    .into_iter()
    .filter_map(|(key, value)| {
        // A value not allowed in tags is omitted, not altered.
        Some(PlannedTag { key: TagKey::parse(key).ok()?, value: TagValue::parse(&value?).ok()? })
    })
    .collect()
}

/// Returns the start of the recording: its creation, or the start of the session if the recording was uploaded
/// afterwards. Without a session an upload cannot be recognised, so the creation counts.
fn began_at(entry: &Entry) -> Option<Timestamp> {
    let uploaded = entry.match_state.verdict.matched().filter(|matched| matched.grounds.written == WritingMode::AtEnd);
    let began =
        uploaded.filter(|_| !entry.match_state.contradicted.start).and_then(|matched| matched.session.started_at);
    began.map(whole_second).or_else(|| entry.created_at())
}

fn hold(custody: &Custody) -> String {
    let cases: BTreeSet<&str> = custody.holds.iter().map(|held| held.case.as_str()).collect();
    // A foreign value is kept as it is.
    let foreign = custody.foreign_hold.as_ref().map(|foreign| TagValue::sanitised(&foreign.value).as_str().to_owned());
    match (cases.first().map(|case| hold_value(case)), foreign) {
        _ if cases.len() > 1 => MULTIPLE.to_owned(),
        (None, None) => NO_HOLD.to_owned(),
        (Some(value), None) | (None, Some(value)) => value,
        (Some(value), Some(foreign)) if value == foreign => value,
        (Some(_), Some(_)) => MULTIPLE.to_owned(),
    }
}

/// Returns the value of the hold tag for a case.
pub fn hold_value(case: &str) -> String {
    let case = TagValue::sanitised(case).as_str().to_owned();
    // A case must never read as "no hold".
    if case.is_empty() || !is_hold(&case) { MULTIPLE.to_owned() } else { case }
}
