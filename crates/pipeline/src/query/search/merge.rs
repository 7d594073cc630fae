//! Merges the listings under several headings by descending id.

use std::collections::VecDeque;

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::ports::{Catalogue, Fault, Heading, ListRequest};
use crate::query::paging::{MOST_READ, PER_READ};

/// Concurrent reads.
const AT_ONCE: usize = 8;
/// Entries of the first read under a heading, at least; each further read under it is twice as large.
const FIRST_READ: usize = 5;

/// Bounds of a merge.
#[derive(Debug, Clone, Copy)]
pub(in crate::query) struct MergeBounds {
    /// Only entries below this id.
    pub(in crate::query) below: Option<RecordingId>,
    /// Only entries with this id or above.
    pub(in crate::query) from: Option<RecordingId>,
    /// Maximum number of entries to return.
    pub(in crate::query) limit: usize,
    /// True if an entry may not fit.
    pub(in crate::query) drops: bool,
}

/// Listing under one heading.
struct Listing {
    under: Heading,
    read: VecDeque<Entry>,
    below: Option<RecordingId>,
    size: usize,
    is_done: bool,
}

impl Listing {
    async fn read_on(&mut self, catalogue: &dyn Catalogue, from: Option<RecordingId>) -> Result<usize, Fault> {
        let request = ListRequest { under: Some(self.under.clone()), below: self.below, from, limit: self.size };
        let read = catalogue.list(&request).await?;
        let count = read.len();
        (self.is_done, self.below) = (count < self.size, read.last().map(|entry| entry.id));
        self.size = (2 * self.size).min(PER_READ);
        self.read.extend(read);
        Ok(count)
    }
}

/// Returns the fitting entries under any of the headings, each once by descending id, and the position of the next page.
/// Reads at most about [`MOST_READ`] entries.
pub(in crate::query) async fn merged(
    catalogue: &dyn Catalogue,
    headings: Vec<Heading>,
    bounds: MergeBounds,
    fit: impl Fn(Entry) -> Option<Entry>,
) -> Result<(Vec<Entry>, Option<RecordingId>), Fault> {
    let expected = if bounds.drops { PER_READ } else { bounds.limit + 1 };
    let size = expected.div_ceil(headings.len().max(1)).max(FIRST_READ);
    let listing = |under| Listing { under, read: VecDeque::new(), below: bounds.below, size, is_done: false };
    let mut listings: Vec<Listing> = headings.into_iter().map(listing).collect();
    let (mut items, mut last, mut count) = (Vec::new(), bounds.below, 0);
    loop {
        let empty = listings.iter_mut().filter(|listing| listing.read.is_empty() && !listing.is_done);
        let reads: Vec<_> = empty.map(|listing| listing.read_on(catalogue, bounds.from)).collect();
        if count >= MOST_READ && !reads.is_empty() {
            return Ok((items, last));
        }
        count += stream::iter(reads).buffer_unordered(AT_ONCE).try_fold(0, async |sum, read| Ok(sum + read)).await?;
        let Some(newest) = listings.iter().filter_map(|listing| listing.read.front()).map(|entry| entry.id).max()
        else {
            return Ok((items, None));
        };
        if items.len() == bounds.limit {
            return Ok((items, last));
        }
        let mut taken = None;
        for listing in &mut listings {
            if listing.read.front().is_some_and(|entry| entry.id == newest) {
                taken = listing.read.pop_front();
            }
        }
        last = Some(newest);
        items.extend(taken.and_then(&fit));
    }
}
