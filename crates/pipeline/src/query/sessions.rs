//! Queries for sessions.
//!
//! The bastion drives the read, and the time range bounds it at both ends. All other filters apply to the sessions
//! read.

use domain::record::catalogue::{Contradicted, Entry};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionEntry, SessionId, SessionState, TimeSpan, TunnelId};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::SignedDuration;

use super::paging::PageBuilder;
use super::{LARGEST_LIMIT, SessionCursor, TimeRange, USUAL_LIMIT};
use crate::ports::{Catalogue, Fault, Heading, ListRequest, SessionListRequest, SessionPlace, Sessions};

/// Concurrent lookups of recordings.
const AT_ONCE: usize = 8;
/// Recordings per read of one tunnel id; another bastion may have issued the same id.
const OF_ONE_SESSION: usize = 8;
/// Maximum number of recordings near a session.
const NEAR: usize = 500;
/// A recording is created within this time of its session's start (the largest tolerance), or of the session's end if
/// it is uploaded.
const CREATED_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// Assumed maximum duration of a session with unknown start.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Filters of a query for sessions. A session must pass all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionQuery {
    /// Only sessions of this bastion.
    pub bastion: Option<BastionName>,
    /// Only sessions in this state.
    pub state: Option<SessionState>,
    /// Only sessions of this person, ignoring case.
    pub person: Option<String>,
    /// Only sessions on this machine, ignoring case.
    pub machine: Option<String>,
    /// Only sessions with this account on the target, ignoring case.
    pub account: Option<String>,
    /// Only sessions known to have no recording.
    pub without_recording: bool,
    /// Only sessions that began in this range. If the start is unknown, the first known time counts.
    pub began: TimeRange,
    /// Page size, 1 to [`LARGEST_LIMIT`].
    pub limit: usize,
    /// Cursor of the previous page.
    pub cursor: Option<SessionCursor>,
}

/// All sessions, in pages of the default size.
impl Default for SessionQuery {
    fn default() -> Self {
        Self {
            bastion: None,
            state: None,
            person: None,
            machine: None,
            account: None,
            without_recording: false,
            began: TimeRange::default(),
            limit: USUAL_LIMIT,
            cursor: None,
        }
    }
}

/// Page of sessions, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPage {
    /// Sessions found.
    pub items: Vec<FoundSession>,
    /// Cursor of the next page; `None` after the last page. A page with few or no sessions may still have one.
    pub next_cursor: Option<SessionCursor>,
}

/// Session with its recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSession {
    /// Session.
    pub entry: SessionEntry,
    /// Recording of the session, if certain.
    pub recording: Option<RecordingId>,
    /// Session times contradicted by the recording.
    pub contradicted: Contradicted,
}

/// Reads one page with at most 20 reads and 2,000 sessions, plus one read per session found; a rare match may take
/// several calls.
pub async fn sessions(
    sessions: &dyn Sessions,
    catalogue: &dyn Catalogue,
    query: &SessionQuery,
) -> Result<SessionPage, Fault> {
    let begins = query.cursor.as_ref().map(SessionCursor::place);
    let below = [begins, query.began.to.and_then(SessionPlace::before)].into_iter().flatten().min();
    let mut page = PageBuilder::new(query.limit.clamp(1, LARGEST_LIMIT), query.checks_on_read(), below);
    while let Some((below, limit)) = page.wants() {
        let (bastion, from) = (query.bastion.clone(), query.began.from);
        let request = SessionListRequest { bastion, without_recording: query.without_recording, below, from, limit };
        let place = |entry: &SessionEntry| SessionPlace { at: entry.at(), id: entry.id.clone() };
        page.take(sessions.list(&request).await?, place, |entry| Some(entry).filter(|entry| query.fits(entry)));
    }
    let (items, next) = page.end();
    let lookups: Vec<_> = items.into_iter().map(|entry| with_recording(catalogue, entry)).collect();
    let items = stream::iter(lookups).buffered(AT_ONCE).try_collect().await?;
    Ok(SessionPage { items, next_cursor: next.map(SessionCursor::after) })
}

/// Returns the session with this tunnel id, or `None` if none of these bastions has it.
pub async fn session(
    sessions: &dyn Sessions,
    catalogue: &dyn Catalogue,
    bastions: &[BastionName],
    tunnel: &TunnelId,
) -> Result<Option<FoundSession>, Fault> {
    let ids: Vec<SessionId> =
        bastions.iter().map(|bastion| SessionId { bastion: bastion.clone(), tunnel: tunnel.clone() }).collect();
    let Some(entry) = sessions.load(&ids).await?.into_iter().find(|entry| entry.revision > 0) else {
        return Ok(None);
    };
    with_recording(catalogue, entry).await.map(Some)
}

/// Returns the recordings that have this session as one of several candidates.
pub async fn candidate_of(catalogue: &dyn Catalogue, session: &SessionEntry) -> Result<Vec<RecordingId>, Fault> {
    let facts = session.session().facts;
    let counted_back = || facts.ended_at?.saturating_sub(LONGEST_SESSION).ok();
    let Some(first) = facts.started_at.or_else(counted_back) else {
        return Ok(Vec::new());
    };
    // An uploaded recording is created after the end.
    let last =
        facts.ended_at.filter(|end| end.duration_since(first) <= LONGEST_SESSION).map_or(first, |end| end.max(first));
    let created = TimeSpan {
        first: first.saturating_sub(CREATED_WITHIN).unwrap_or(first),
        last: last.saturating_add(CREATED_WITHIN).unwrap_or(last),
    };
    let near = catalogue.near(&session.id.bastion, &session.keys, created, NEAR).await?;
    let is_candidate = |entry: &Entry| match &entry.match_state.verdict {
        // This session may be among the candidates not stored: name and time of the recording fit.
        Match::Ambiguous { candidates, more, .. } => {
            *more > 0 || candidates.iter().any(|candidate| candidate.session.tunnel_id == session.id.tunnel)
        }
        _ => false,
    };
    Ok(near.iter().filter(|entry| is_candidate(entry)).map(|entry| entry.id).collect())
}

async fn with_recording(catalogue: &dyn Catalogue, entry: SessionEntry) -> Result<FoundSession, Fault> {
    let mut below = None;
    loop {
        let under = Some(Heading::Session(entry.id.tunnel.as_str().to_owned()));
        let found = catalogue.list(&ListRequest { under, below, from: None, limit: OF_ONE_SESSION }).await?;
        let own = found.iter().filter(|recording| recording.bastion == entry.id.bastion);
        // If the log assigns the session to another recording as well, the one confirmed by a person wins.
        let own = own.min_by_key(|recording| recording.match_state.confirmed.is_none());
        below = found.last().map(|last| last.id).filter(|_| own.is_none() && found.len() == OF_ONE_SESSION);
        if below.is_none() {
            let contradicted = own.map(|own| own.match_state.contradicted).unwrap_or_default();
            return Ok(FoundSession { recording: own.map(|own| own.id), contradicted, entry });
        }
    }
}

impl SessionQuery {
    fn checks_on_read(&self) -> bool {
        self.state.is_some() || self.person.is_some() || self.machine.is_some() || self.account.is_some()
    }

    fn fits(&self, entry: &SessionEntry) -> bool {
        if !self.checks_on_read() {
            return true;
        }
        let session = entry.session();
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_ref().is_none_or(|wanted| found.is_some_and(|found| is_same(wanted, found)))
        };
        self.state.is_none_or(|state| state == session.state)
            && is(&self.person, session.facts.user_email.as_deref())
            && is(&self.machine, session.facts.machine().as_deref())
            && is(&self.account, session.facts.user_name.as_deref())
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
