//! Query for gaps: sessions without a recording, recordings without a session, bastions that stopped recording or
//! logging.
//!
//! Sweeps find the gaps and index them, so a query costs the gaps it returns plus one or two reads per bastion.

use domain::policy::join::OPEN_SINCE;
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use domain::record::join::Match;
use domain::record::session::{GapCause, SessionEntry};
use jiff::{SignedDuration, Timestamp};

use super::paging::PageBuilder;
use super::{Cursor, LARGEST_LIMIT, Page, SessionPage, SessionQuery, USUAL_LIMIT};
use crate::ports::{
    Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Fault, Heading, ListRequest, SessionListRequest,
    SessionPlace, Sessions,
};
use crate::stored::checkpoint::{AS_WRITTEN, decode};
use crate::watermark::Watermark;

/// Sessions per read.
const AT_ONCE: usize = 100;
/// Maximum number of pages of 2,000 unmatched recordings that are read while none of them is unexplained.
const MOST_PAGES: usize = 5;
/// Longest time between the start of a session and the newest recording before it: a bastion that uploads writes a
/// recording only when its session is over.
const BEGUN_BEFORE: SignedDuration = OPEN_SINCE;

/// Filter and limit of a query for gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapQuery {
    /// Only gaps of this bastion.
    pub bastion: Option<BastionName>,
    /// Maximum number of sessions, and of recordings; 1 to [`LARGEST_LIMIT`].
    pub limit: usize,
}

impl Default for GapQuery {
    fn default() -> Self {
        Self { bastion: None, limit: USUAL_LIMIT }
    }
}

/// Gaps found; the newest sessions and recordings first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// Bastions that stopped recording or logging.
    pub bastions: Vec<BastionGap>,
    /// Sessions without a recording.
    pub sessions: SessionPage,
    /// Recordings without a session and without a failed login to explain them. A page without any may still have a
    /// cursor: after 10,000 explained ones.
    pub recordings: Page,
}

/// Bastion that stopped recording or logging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionGap {
    /// Bastion name.
    pub bastion: BastionName,
    /// Part that stopped.
    pub silence: Silence,
    /// Creation of the newest recording, or write time of the newest audit record. `None` if there never was one.
    pub last: Option<Timestamp>,
}

/// Part of a bastion's output that can stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Sessions continue without recordings.
    Recording,
    /// Recordings continue without audit records.
    AuditLog,
}

impl Gaps {
    /// Returns true if there are no gaps.
    pub fn is_empty(&self) -> bool {
        self.bastions.is_empty()
            && (self.sessions.items.is_empty() && self.sessions.next_cursor.is_none())
            && (self.recordings.items.is_empty() && self.recordings.next_cursor.is_none())
    }
}

/// Reads the gaps.
pub async fn gaps(
    catalogue: &dyn Catalogue,
    sessions: &dyn Sessions,
    checkpoints: &dyn Checkpoints,
    estate: &Estate,
    query: &GapQuery,
) -> Result<Gaps, Fault> {
    let limit = query.limit.clamp(1, LARGEST_LIMIT);
    let wanted = |bastion: &&BastionName| query.bastion.as_ref().is_none_or(|wanted| wanted == *bastion);
    let mut bastions = Vec::new();
    for bastion in estate.bastions.iter().map(|bastion| &bastion.name).filter(wanted) {
        bastions.extend(silent_log(checkpoints, bastion).await?);
        bastions.extend(silent_recording(catalogue, sessions, bastion).await?);
    }
    let unrecorded =
        SessionQuery { bastion: query.bastion.clone(), without_recording: true, limit, ..SessionQuery::default() };
    Ok(Gaps {
        bastions,
        sessions: super::sessions(sessions, catalogue, &unrecorded).await?,
        recordings: unexplained(catalogue, query.bastion.as_ref(), limit).await?,
    })
}

/// Returns the progress of reading a bastion's audit log, or `None` if nothing is known of it.
pub async fn watermark(checkpoints: &dyn Checkpoints, bastion: &BastionName) -> Result<Option<Watermark>, Fault> {
    let key = CheckpointKey { kind: CheckpointKind::Bastion, name: bastion.as_str().to_owned() };
    let checkpoint = checkpoints.get(&key).await?;
    checkpoint.map(|checkpoint| decode(&checkpoint.doc, AS_WRITTEN)).transpose()
}

async fn silent_log(checkpoints: &dyn Checkpoints, bastion: &BastionName) -> Result<Option<BastionGap>, Fault> {
    let Some(watermark) = watermark(checkpoints, bastion).await? else {
        return Ok(None);
    };
    let (silence, last) = (Silence::AuditLog, watermark.newest_record);
    Ok(watermark.stopped_at.map(|_| BastionGap { bastion: bastion.clone(), silence, last }))
}

/// Returns a gap if a session with cause [`GapCause::RecordingOff`] was still in progress after the creation of the newest
/// recording.
async fn silent_recording(
    catalogue: &dyn Catalogue,
    sessions: &dyn Sessions,
    bastion: &BastionName,
) -> Result<Option<BastionGap>, Fault> {
    let under = Some(Heading::Bastion(bastion.clone()));
    let newest = catalogue.list(&ListRequest { under, below: None, from: None, limit: 1 }).await?;
    let last = newest.first().and_then(Entry::created_at);
    let gap = BastionGap { bastion: bastion.clone(), silence: Silence::Recording, last };
    let from = last.map(|last| last.saturating_sub(BEGUN_BEFORE).unwrap_or(Timestamp::MIN));
    let is_silent = |entry: &SessionEntry| {
        let went_on = || entry.session().ended_by().max(Some(entry.at())) >= last;
        entry.gap.as_ref().is_some_and(|gap| gap.cause == GapCause::RecordingOff) && went_on()
    };
    let mut below = None;
    loop {
        let bastion = Some(bastion.clone());
        let request = SessionListRequest { bastion, without_recording: true, below, from, limit: AT_ONCE };
        let found = sessions.list(&request).await?;
        if found.iter().any(is_silent) {
            return Ok(Some(gap));
        }
        match found.last() {
            Some(last) if found.len() == AT_ONCE => below = Some(SessionPlace { at: last.at(), id: last.id.clone() }),
            _ => return Ok(None),
        }
    }
}

/// Returns the newest unexplained recordings. Reads on while there is none, up to 10,000 unmatched recordings.
async fn unexplained(catalogue: &dyn Catalogue, bastion: Option<&BastionName>, limit: usize) -> Result<Page, Fault> {
    let unmatched = Match::Unmatched { attempt: None };
    let under = Some(Heading::Match(unmatched.name().to_owned()));
    let is_wanted =
        |entry: &Entry| entry.match_state.verdict == unmatched && bastion.is_none_or(|wanted| *wanted == entry.bastion);
    let (mut begins, mut pages) = (None, 0);
    loop {
        let mut page = PageBuilder::new(limit, true, begins);
        while let Some((below, limit)) = page.wants() {
            let request = ListRequest { under: under.clone(), below, from: None, limit };
            let read = catalogue.list(&request).await?;
            page.take(read, |entry| entry.id, |entry| Some(entry).filter(is_wanted));
        }
        let (items, next) = page.end();
        pages += 1;
        if !items.is_empty() || next.is_none() || pages == MOST_PAGES {
            return Ok(Page { items, next_cursor: next.map(Cursor::after), ..Page::default() });
        }
        begins = next;
    }
}
