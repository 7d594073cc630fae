//! Finding recordings: filters, pages and the cursor between them.
//!
//! One filter drives the read (the state, or else all entries newest first), the beginning of a time range
//! ends it early, and everything else is checked on the entries that were read.

mod cursor;
mod time_range;

#[cfg(test)]
mod tests;

use domain::catalogue::{Entry, State};
use domain::estate::BastionName;
use domain::recording_id::RecordingId;

use crate::ports::{Catalogue, Fault, ListRequest};

pub use cursor::{Cursor, NotACursor};
pub use time_range::{NotATime, TimeRange, range_begin, range_end};

/// How many entries a page has where nobody says otherwise.
pub const USUAL_LIMIT: usize = 50;
/// How many entries a page has at most.
pub const LARGEST_LIMIT: usize = 1000;

/// How often one call reads from the catalogue, at most.
const READS_PER_CALL: usize = 20;
/// How many entries one read asks for where some of them may be dropped.
const ENTRIES_PER_READ: usize = 100;

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Only entries in this state.
    pub state: Option<State>,
    /// Only recordings of this bastion.
    pub bastion: Option<BastionName>,
    /// Only recordings created in this range.
    pub created: TimeRange,
    /// Only recordings whose name begins with this text; case does not count.
    pub name_begins: Option<String>,
    /// How many entries a page has at most, 1 to [`LARGEST_LIMIT`].
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<Cursor>,
}

/// Entries that were found, newest first by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub items: Vec<Entry>,
    /// Where to go on. None after the last page; a page may have few entries or none and still have one.
    pub next_cursor: Option<Cursor>,
}

/// Everything, in pages of the usual size.
impl Default for Query {
    fn default() -> Self {
        Self {
            state: None,
            bastion: None,
            created: TimeRange::default(),
            name_begins: None,
            limit: USUAL_LIMIT,
            cursor: None,
        }
    }
}

/// Reads one page. It costs at most 20 reads of the catalogue and looks at 2,000 entries; a rare thing may
/// take several calls.
///
/// Entries that are added between two pages neither repeat nor hide others.
pub async fn list(catalogue: &dyn Catalogue, query: &Query) -> Result<Page, Fault> {
    let limit = query.limit.clamp(1, LARGEST_LIMIT);
    // One entry more than the page holds tells whether another page follows.
    let at_once = if query.checks_on_read() { ENTRIES_PER_READ } else { limit + 1 };
    let mut items = Vec::new();
    let mut read_to = query.cursor.map(Cursor::id);
    for _ in 0..READS_PER_CALL {
        let request =
            ListRequest { state: query.state, below: read_to, from: query.created.lowest_id(), limit: at_once };
        let read = catalogue.list(&request).await?;
        let last_read = read.last().map(|entry| entry.id).filter(|_| read.len() == at_once);
        let ends_at = fill(&mut items, read, query, limit);
        if let Some(next) = ends_at {
            return Ok(Page { items, next_cursor: Some(Cursor::after(next)) });
        }
        let Some(last_read) = last_read else {
            return Ok(Page { items, next_cursor: None });
        };
        read_to = Some(last_read);
    }
    Ok(Page { items, next_cursor: read_to.map(Cursor::after) })
}

/// Adds what fits the query. Gives the id of the last entry of a full page if any entry was read behind it.
fn fill(items: &mut Vec<Entry>, read: Vec<Entry>, query: &Query, limit: usize) -> Option<RecordingId> {
    for entry in read {
        if items.len() == limit {
            return items.last().map(|last| last.id);
        }
        if query.fits(&entry) {
            items.push(entry);
        }
    }
    None
}

impl Query {
    fn checks_on_read(&self) -> bool {
        self.bastion.is_some() || self.created != TimeRange::default() || self.name_begins.is_some()
    }

    fn fits(&self, entry: &Entry) -> bool {
        self.state.is_none_or(|state| state == entry.state)
            && self.bastion.as_ref().is_none_or(|bastion| *bastion == entry.bastion)
            && self.created.holds(entry)
            && self.name_begins.as_ref().is_none_or(|text| begins_with(entry.address.name.as_str(), text))
    }
}

fn begins_with(name: &str, beginning: &str) -> bool {
    let mut name = name.chars().flat_map(char::to_lowercase);
    beginning.chars().flat_map(char::to_lowercase).all(|wanted| name.next() == Some(wanted))
}
