//! Queries for recordings and sessions: filters, pages and cursors.
//!
//! One filter drives the read of recordings: the most selective one of person, machine, match, state and bastion, or
//! all entries newest first. The start of a time range ends the read early. All other filters apply to the entries
//! read.

mod attention;
mod cursor;
mod day;
mod deletions;
mod estate;
mod gaps;
mod paging;
mod profile;
mod session_cursor;
mod sessions;
mod time_range;

#[cfg(test)]
mod tests;

use domain::catalogue::{Entry, RecordingState};
use domain::estate::BastionName;
use domain::join::Match;
use domain::recording_id::RecordingId;
use domain::session::SessionFacts;

use self::paging::PageBuilder;
use crate::hold::ShownHolds;
use crate::ports::{Catalogue, Checkpoints, Fault, Heading, ListRequest};

pub use attention::{Attention, FindingGroup, attention};
pub use cursor::{Cursor, NotACursor};
pub use day::{DayOfActivity, activity_of};
pub use deletions::{ComingDeletions, FORESEEN_DAYS, coming_deletions};
pub use estate::{BastionStatus, bastion_statuses};
pub use gaps::{BastionGap, GapQuery, Gaps, Silence, gaps, watermark};
pub use profile::{Profile, SeenPeriod, Subject, profile};
pub use session_cursor::SessionCursor;
pub(crate) use sessions::place_before;
pub use sessions::{FoundSession, SessionPage, SessionQuery, candidate_of, session, sessions};
pub use time_range::{NotATime, TimeRange, range_begin, range_end};

/// Default page size.
pub const USUAL_LIMIT: usize = 50;
/// Maximum page size.
pub const LARGEST_LIMIT: usize = 1000;

/// Filters of a query for recordings. An entry must pass all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Only recordings matched to this person, ignoring case.
    pub person: Option<String>,
    /// Only recordings of sessions on this machine, ignoring case.
    pub machine: Option<String>,
    /// Only recordings with this verdict: the name of a [`Match`].
    pub matching: Option<String>,
    /// Only entries in this state.
    pub state: Option<RecordingState>,
    /// Only recordings of this bastion.
    pub bastion: Option<BastionName>,
    /// Only recordings created in this range.
    pub created: TimeRange,
    /// Only recordings of this retention class.
    pub class: Option<String>,
    /// Only recordings under legal hold (`true`) or without one (`false`).
    pub held: Option<bool>,
    /// Only recordings whose name, machine or person begins with this text, ignoring case. Machine and person apply if
    /// certain.
    pub begins: Option<String>,
    /// Page size, 1 to [`LARGEST_LIMIT`].
    pub limit: usize,
    /// Cursor of the previous page.
    pub cursor: Option<Cursor>,
}

/// Page of entries, newest first by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Entries found.
    pub items: Vec<Entry>,
    /// Cursor of the next page; `None` after the last page. A page with few or no entries may still have one.
    pub next_cursor: Option<Cursor>,
}

/// All recordings, in pages of the default size.
impl Default for Query {
    fn default() -> Self {
        Self {
            person: None,
            machine: None,
            matching: None,
            state: None,
            bastion: None,
            created: TimeRange::default(),
            class: None,
            held: None,
            begins: None,
            limit: USUAL_LIMIT,
            cursor: None,
        }
    }
}

/// Reads one page with at most 20 reads and 2,000 entries of the catalogue; a rare match may take several calls.
///
/// Entries added between two pages cause neither duplicates nor omissions.
pub async fn list(catalogue: &dyn Catalogue, query: &Query) -> Result<Page, Fault> {
    listed(catalogue, query, |entry| entry).await
}

/// Like [`list`], but shows each entry with the holds in force, even if they are not applied to it yet. Additionally
/// reads all holds.
pub async fn recordings(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    query: &Query,
) -> Result<Page, Fault> {
    let holds = ShownHolds::read(checkpoints).await?;
    listed(catalogue, query, |entry| holds.on(entry)).await
}

/// Returns the entry with this id, with the holds in force. Returns `None` for an unknown id.
pub async fn recording(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    id: RecordingId,
) -> Result<Option<Entry>, Fault> {
    let Some(loaded) = catalogue.lives_of(id).await? else { return Ok(None) };
    let Some(entry) = loaded.lives.entry(id).cloned() else { return Ok(None) };
    Ok(Some(ShownHolds::read(checkpoints).await?.on(entry)))
}

async fn listed(catalogue: &dyn Catalogue, query: &Query, shown: impl Fn(Entry) -> Entry) -> Result<Page, Fault> {
    let (under, headings) = (query.driving(), query.headings());
    let drops = headings.len() > usize::from(under.is_some()) || query.checks_more();
    let mut page = PageBuilder::new(query.limit.clamp(1, LARGEST_LIMIT), drops, query.cursor.map(Cursor::id));
    while let Some((below, limit)) = page.wants() {
        let request = ListRequest { under: under.clone(), below, from: query.created.lowest_id(), limit };
        let read = catalogue.list(&request).await?.into_iter().map(&shown).collect();
        page.take(read, |entry| entry.id, |entry| query.fits(&headings, entry));
    }
    let (items, next) = page.end();
    Ok(Page { items, next_cursor: next.map(Cursor::after) })
}

impl Query {
    /// Returns the headings of all wanted entries, the most selective first.
    fn headings(&self) -> Vec<Heading> {
        let person = self.person.as_deref().map(Heading::person);
        let machine = self.machine.as_deref().map(Heading::machine);
        let matching = self.matching.clone().map(Heading::Match);
        let (state, bastion) = (self.state.map(Heading::State), self.bastion.clone().map(Heading::Bastion));
        [person, machine, matching, state, bastion].into_iter().flatten().collect()
    }

    /// Returns the heading to read under. Never picks pending, which nearly all recordings of a busy day are.
    fn driving(&self) -> Option<Heading> {
        let pending = Heading::Match(<Match>::Pending.name().to_owned());
        self.headings().into_iter().find(|heading| *heading != pending)
    }

    fn checks_more(&self) -> bool {
        self.created != TimeRange::default() || self.class.is_some() || self.held.is_some() || self.begins.is_some()
    }

    fn fits(&self, headings: &[Heading], entry: &Entry) -> bool {
        let under = Heading::of(entry);
        headings.iter().all(|heading| under.contains(heading))
            && self.created.holds(entry)
            && self.class.as_deref().is_none_or(|class| class_of(entry) == Some(class))
            && self.held.is_none_or(|held| held == entry.custody.is_held())
            && self.begins.as_ref().is_none_or(|text| is_called(entry, text))
    }
}

/// Returns the retention class of a recording, if assigned.
pub(crate) fn class_of(entry: &Entry) -> Option<&str> {
    entry.custody.retention.as_ref().map(|retention| retention.class.as_str())
}

fn is_called(entry: &Entry, beginning: &str) -> bool {
    let verdict = &entry.joined.verdict;
    begins_with(entry.address.name.as_str(), beginning)
        || verdict.person().is_some_and(|person| begins_with(person, beginning))
        || verdict.session().and_then(SessionFacts::machine).is_some_and(|machine| begins_with(&machine, beginning))
}

fn begins_with(name: &str, beginning: &str) -> bool {
    let mut name = name.chars().flat_map(char::to_lowercase);
    beginning.chars().flat_map(char::to_lowercase).all(|wanted| name.next() == Some(wanted))
}
