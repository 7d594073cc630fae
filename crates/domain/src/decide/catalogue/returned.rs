//! Recognises a recording that was put back under its name after it was lost or deleted.
//!
//! A copy has another ETag and creation time, so only its hash shows that it is the same recording.

use super::retain::EntryCommand;
use crate::policy::matcher::ConditionResult;
use crate::record::catalogue::{Entry, Life};
use crate::record::recording_id::RecordingId;
use crate::record::retention::Fingerprint;

/// Compares the content of a blob with that of the earlier blobs of its name. Class, retention and holds follow the
/// content. While a hash is missing, a hold on the earlier recording may cover this one.
pub(super) fn follow_earlier(entry: &mut Entry, life: &Life, earlier: &[Entry], command: Option<&EntryCommand>) {
    let hashed = match command {
        Some(EntryCommand::Hashed(print)) => Some(print),
        _ => None,
    };
    let etag = life.etag();
    let mut prints = hashed.into_iter().chain(&entry.custody.fingerprint);
    let print = prints.find(|print| Some(&print.etag) == etag.as_ref()).cloned();
    let mut perhaps: Vec<RecordingId> = Vec::new();
    for before in earlier {
        if entry.custody.returned_from.contains(&before.id) {
            continue;
        }
        match has_content_of(before, life, print.as_ref()) {
            ConditionResult::True => take_from(entry, before),
            ConditionResult::Unknown => perhaps.push(before.id),
            ConditionResult::False => {}
        }
    }
    perhaps.retain(|id| !entry.custody.returned_from.contains(id));
    entry.custody.perhaps_returned_from = perhaps;
}

/// Checks if a blob with this hash has the last content of an earlier one.
fn has_content_of(before: &Entry, life: &Life, print: Option<&Fingerprint>) -> ConditionResult {
    let Some(known) = &before.custody.fingerprint else {
        return ConditionResult::Unknown;
    };
    if print.is_some_and(|print| print.sha256 == known.sha256) {
        return ConditionResult::True;
    }
    let seen = life.observation.as_ref().map(|observation| &observation.properties);
    let has_another_size = seen.is_some_and(|seen| Some(&seen.etag) == life.etag().as_ref() && seen.size != known.size);
    // The earlier blob may have been rewritten after its hash.
    let is_last = before.life.etag().as_ref() == Some(&known.etag);
    ConditionResult::from_test((is_last && (print.is_some() || has_another_size)).then_some(false))
}

/// Takes over what was meant for the recording and not for one blob of it.
fn take_from(entry: &mut Entry, before: &Entry) {
    let custody = &mut entry.custody;
    for id in before.custody.returned_from.iter().chain([&before.id]) {
        if !custody.returned_from.contains(id) {
            custody.returned_from.push(*id);
        }
    }
    custody.given_class = custody.given_class.take().or_else(|| before.custody.given_class.clone());
    custody.foreign_hold = custody.foreign_hold.take().or_else(|| before.custody.foreign_hold.clone());
    custody.retention = match (&before.custody.retention, custody.retention.take()) {
        (Some(was), Some(is)) => Some(was.extended_by(is, false)),
        (was, is) => is.or_else(|| was.clone()),
    };
}
