//! Keeps a recording while its session may still go on.
//!
//! A final recording without the end of its session was quiet for a long time, but the session may be idle, and its
//! recording may be written again. No deletion may depend on that silence.

use jiff::Timestamp;

use crate::policy::times::SESSION_LASTS;
use crate::record::catalogue::{Entry, JudgedTimes};
use crate::record::join::Match;
use crate::record::session::SessionFacts;

/// Returns until when the recording's session may go on: 7 days after the latest start of a session that may be its own
/// and has no end in the log; while the log is not read far enough, 7 days after the creation. `None` if each possible
/// session has ended, if there is none, or if no log was ever asked.
///
/// A start claimed by the log counts up to the last write at most, because no session writes before it starts.
pub fn may_go_on_until(entry: &Entry) -> Option<Timestamp> {
    let JudgedTimes { created_at, last_modified } = entry.match_state.judged?;
    let goes_on = |session: &SessionFacts| {
        let is_open = session.ended_at.is_none();
        is_open.then(|| session.started_at.map_or(last_modified, |started_at| started_at.min(last_modified)))
    };
    let started_at = match &entry.match_state.verdict {
        Match::Pending => Some(created_at),
        Match::Matched(matched) => goes_on(&matched.session),
        Match::Ambiguous { candidates, more, .. } => {
            let unlisted = (*more > 0).then_some(last_modified);
            candidates.iter().filter_map(|one| goes_on(&one.session)).chain(unlisted).max()
        }
        Match::Unmatched { .. } => None,
    };
    started_at.map(|at| at.saturating_add(SESSION_LASTS).unwrap_or(Timestamp::MAX))
}
