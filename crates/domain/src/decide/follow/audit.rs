//! Judges whether the audit log was read and the session found.

use jiff::{SignedDuration, Timestamp};

use super::{FollowFacts, LinkState, LogPosition, is_late};
use crate::decide::join::undecided_explained;
use crate::decide::posture::MaybeKnown;
use crate::record::catalogue::{Entry, EntryChangeKind};
use crate::record::join::Match;

/// A new diagnostic setting may need this long to send its first record.
const LOG_LATE: SignedDuration = SignedDuration::from_mins(90);
/// A recording that is uploaded after its session is newer than the last record of the session.
const UPLOADED_WITHIN: SignedDuration = SignedDuration::from_mins(15);

const NO_LOG: &str = "archivist.yaml names no audit log of the bastion";

pub(super) fn log(facts: &FollowFacts, now: Timestamp) -> LinkState {
    if !facts.has_log {
        return LinkState::NotUsed(NO_LOG.to_owned());
    }
    let position = match &facts.log {
        MaybeKnown::Read(position) => *position,
        MaybeKnown::NotReadable(why) => return LinkState::Unknown(why.clone()),
    };
    let in_words = |at: Option<Timestamp>| at.map_or("none".to_owned(), |at| at.to_string());
    let note = match position {
        Some(LogPosition { read_to, newest_record }) => {
            format!("read as of {}, newest record {}", in_words(read_to), in_words(newest_record))
        }
        None => "no log of the bastion was read yet".to_owned(),
    };
    let since = facts.created_at().and_then(|at| at.checked_sub(UPLOADED_WITHIN).ok());
    let newest = position.and_then(|position| position.newest_record);
    let is_there = since.is_some_and(|since| newest >= Some(since));
    if is_there || facts.entry().is_some_and(|entry| entry.match_state.verdict.session().is_some()) {
        return LinkState::Done { at: position.and_then(|position| position.read_to), note };
    }
    if is_late(facts.last_modified(), LOG_LATE, now) {
        let fix = "see audit_log.setting and own.audit_events in archivist doctor, and that the app runs";
        return LinkState::broken(format!("no record of the time of the recording after 90 minutes: {note}"), fix);
    }
    LinkState::Waiting(note)
}

pub(super) fn session(facts: &FollowFacts) -> LinkState {
    if !facts.has_log {
        return LinkState::NotUsed(NO_LOG.to_owned());
    }
    let entry = match &facts.entry {
        MaybeKnown::Read(Some(entry)) => entry,
        MaybeKnown::Read(None) => return LinkState::waiting("searched once the recording has ended"),
        MaybeKnown::NotReadable(why) => return LinkState::Unknown(why.clone()),
    };
    let explained = undecided_explained(&entry.match_state.reasoning(entry.state));
    match &entry.match_state.verdict {
        Match::Matched(matched) => {
            LinkState::Done { at: decided_at(entry), note: matched.session.tunnel_id.to_string() }
        }
        Match::Ambiguous { candidates, more, .. } => {
            let count = candidates.len() as u64 + more;
            let note = format!("one of {count} sessions: archivist recordings show {}", entry.id);
            LinkState::Done { at: decided_at(entry), note }
        }
        Match::Unmatched { .. } => LinkState::broken(
            "the audit log has no fitting session",
            "check that BastionAuditLogs go to storage, and that matching.name_template fits the names of recordings",
        ),
        Match::Pending => LinkState::waiting(explained.unwrap_or_else(|| "not decided yet".to_owned())),
    }
}

/// Returns the time of the last decision on the session.
fn decided_at(entry: &Entry) -> Option<Timestamp> {
    let decides = |what: &EntryChangeKind| {
        matches!(
            what,
            EntryChangeKind::Matched(_)
                | EntryChangeKind::Ambiguous(_)
                | EntryChangeKind::LateMatch { .. }
                | EntryChangeKind::Confirmed { .. }
        )
    };
    entry.history.iter().rev().find(|change| decides(&change.what)).map(|change| change.at)
}
