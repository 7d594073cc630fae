//! Queries for recordings and sessions: filters, pages and cursors.
//!
//! One filter drives the read of recordings: the most selective one of person, machine, the words of the search box,
//! match, state and bastion, or all entries newest first. The start of a time range ends the read early. All other
//! filters apply to the entries read.

mod accesses;
mod attention;
mod cursor;
mod day;
pub mod days;
mod deletions;
mod estate;
mod gaps;
mod paging;
mod profile;
mod search;
mod session_cursor;
mod sessions;
mod time_range;

#[cfg(test)]
mod tests;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;

use self::paging::PageBuilder;
use self::search::{MergeBounds, Reading, merged, reading};
use crate::hold::ShownHolds;
use crate::ports::{Catalogue, Checkpoints, Fault, Heading, ListRequest};
use crate::summary::{class_of, is_held};

pub use accesses::{RecordingAccess, RecordingAccesses, accesses};
pub use attention::{Attention, FindingGroup, attention};
pub use cursor::{Cursor, NotACursor};
pub use day::{DayOfActivity, activity_of};
pub use deletions::{ComingDeletions, FORESEEN_DAYS, coming_deletions};
pub(crate) use estate::findings_about;
pub use estate::{BastionStatus, bastion_statuses};
pub use gaps::{BastionGap, GapQuery, Gaps, Silence, gaps, watermark};
pub use profile::{Profile, SeenPeriod, Subject, profile};
pub use search::{LONGEST_SEARCH, MOST_SEARCH_WORDS, NotASearch, Search, SearchText, SearchWord, UnknownWord};
pub use session_cursor::SessionCursor;
pub use sessions::{FoundSession, SessionPage, SessionQuery, candidate_of, session, sessions};
pub use time_range::{NotATime, TimeRange, range_begin, range_begin_in, range_end, range_end_in};

/// Default page size.
pub const USUAL_LIMIT: usize = 50;
/// Maximum page size.
pub const LARGEST_LIMIT: usize = 1000;

/// Filters of a query for recordings. An entry must pass all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Only recordings that are certain to be of this person, ignoring case; the session need not be certain.
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
    /// Only recordings that are still stored and under legal hold (`true`), or all others (`false`).
    pub held: Option<bool>,
    /// Only recordings that all words of the search box hold for.
    pub search: Search,
    /// Page size, 1 to [`LARGEST_LIMIT`].
    pub limit: usize,
    /// Cursor of the previous page.
    pub cursor: Option<Cursor>,
}

/// Page of entries, newest first by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Entries found.
    pub items: Vec<Entry>,
    /// Cursor of the next page; `None` after the last page. A page with few or no entries may still have one.
    pub next_cursor: Option<Cursor>,
    /// Words of the search that no name has. If there is one, nothing is found.
    pub unknown: Vec<UnknownWord>,
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
            search: Search::default(),
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
    let created = query.search.created(query.created);
    let query = &Query { created, ..query.clone() };
    let headings = query.headings();
    let fit = |entry| Some(shown(entry)).filter(|entry| query.fits(&headings, entry));
    let limit = query.limit.clamp(1, LARGEST_LIMIT);
    if let Some(id) = query.search.recording() {
        let loaded = catalogue.lives_of(id).await?;
        let entry = loaded.and_then(|loaded| loaded.lives.entry(id).cloned());
        return Ok(Page { items: entry.and_then(fit).into_iter().collect(), ..Page::default() });
    }
    let (below, from) = (query.cursor.map(Cursor::id), created.lowest_id());
    let (items, next) = match reading(catalogue, &query.search, query.exact(), query.broad()).await? {
        Reading::Nothing(unknown) => return Ok(Page { unknown, ..Page::default() }),
        Reading::Merged(under) => {
            let bounds = MergeBounds { below, from, limit, drops: query.drops(&headings, &under) };
            merged(catalogue, under, bounds, fit).await?
        }
        Reading::Under(under) => {
            let mut page = PageBuilder::new(limit, query.drops(&headings, under.as_slice()), below);
            while let Some((below, limit)) = page.wants() {
                let read = catalogue.list(&ListRequest { under: under.clone(), below, from, limit }).await?;
                page.take(read, |entry| entry.id, fit);
            }
            page.end()
        }
    };
    Ok(Page { items, next_cursor: next.map(Cursor::after), unknown: Vec::new() })
}

impl Query {
    /// Returns the headings of all wanted entries.
    fn headings(&self) -> Vec<Heading> {
        let person = self.person.as_deref().map(Heading::person);
        let machine = self.machine.as_deref().map(Heading::machine);
        let matching = self.matching.clone().map(Heading::Match);
        let (state, bastion) = (self.state.map(Heading::State), self.bastion.clone().map(Heading::Bastion));
        [person, machine, matching, state, bastion].into_iter().flatten().chain(self.search.headings()).collect()
    }

    /// Returns the heading of the wanted session, person or machine.
    fn exact(&self) -> Option<Heading> {
        let rank = |heading: &Heading| match heading {
            Heading::Session(_) => Some(0),
            Heading::Person(_) => Some(1),
            Heading::Machine(_) => Some(2),
            _ => None,
        };
        self.headings().into_iter().filter(|heading| rank(heading).is_some()).min_by_key(rank)
    }

    /// Returns the heading to read under if neither person, machine nor a word selects the entries. Never picks pending,
    /// which nearly all recordings of a busy day are.
    fn broad(&self) -> Option<Heading> {
        let pending = Heading::Match(<Match>::Pending.name().to_owned());
        let headings = self.headings().into_iter().filter(|heading| *heading != pending);
        headings.min_by_key(|heading| match heading {
            Heading::Match(_) => 0,
            Heading::State(_) => 1,
            _ => 2,
        })
    }

    /// Returns true if [`Self::fits`] may drop an entry that is under one of these headings.
    fn drops(&self, headings: &[Heading], under: &[Heading]) -> bool {
        headings.iter().any(|heading| *under != [heading.clone()])
            || self.created != TimeRange::default()
            || self.class.is_some()
            || self.held.is_some()
            || self.search.drops(under)
    }

    fn fits(&self, headings: &[Heading], entry: &Entry) -> bool {
        let under = Heading::for_entry(entry);
        headings.iter().all(|heading| under.contains(heading))
            && self.created.holds(entry)
            && self.class.as_deref().is_none_or(|class| class_of(entry) == Some(class))
            && self.held.is_none_or(|held| held == is_held(entry))
            && self.search.fits(entry)
    }
}
