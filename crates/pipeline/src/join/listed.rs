//! Listings of the blobs under a beginning, kept in memory while they answer like new ones.
//!
//! A kept listing answers for a judgement only if a new one could show no other blobs within the judgement's reach: it was
//! taken after the last moment of that reach, and after every recording of the sessions had begun. Each of its blobs is as
//! it was then, and it does not answer where one of them had not ended. So an old listing shows neither too few recordings
//! nor one as over that was still being written. A recording that was deleted since still counts: it has been one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::address::{BlobName, ContainerAddress};
use domain::catalogue::Entry;
use domain::past::SKEW;
use domain::session::Spans;
use jiff::{SignedDuration, Timestamp};

/// An event and the blob it tells of give the same creation time within this.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// How long a listing is kept.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// How many listings are kept, and how many blobs they have together: a blob takes some hundred bytes.
const LISTINGS: usize = 2_000;
const BLOBS: usize = 100_000;

/// A blob of a listing, as it was then.
#[derive(Debug)]
pub(super) struct Sibling {
    pub container: Arc<ContainerAddress>,
    pub name: BlobName,
    pub created_at: Timestamp,
    pub last_modified: Timestamp,
    pub has_ended: bool,
}

/// All blobs under a beginning, by the time of their creation; none if there are more than are read.
#[derive(Debug)]
pub(super) struct Listing {
    taken_at: Timestamp,
    pub is_whole: bool,
    blobs: Vec<Sibling>,
}

/// The listings of one judgement.
#[derive(Debug, Default)]
pub(super) struct Siblings(Vec<(Arc<Listing>, Source)>);

/// What a judgement depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need<'a> {
    /// Until then a recording of one of the sessions may still come to be.
    pub all_begun: Timestamp,
    /// The recordings created within this count.
    pub created: &'a Spans,
}

/// Where a listing comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Memory, if one is there that [answers](Listing::answers).
    Kept,
    /// Storage: it is new.
    Storage,
}

impl Sibling {
    /// Whether this is the blob that an entry is about.
    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        let (address, container) = (&entry.address, &*self.container);
        let same_time = |at: Timestamp| at.duration_since(self.created_at).abs() <= SAME_TIME_WITHIN;
        let same_place = address.account == container.account && address.container == container.container;
        address.name == self.name && same_place && entry.created_at().is_none_or(same_time)
    }
}

impl Listing {
    /// A listing that was begun at this time.
    pub(super) fn new(taken_at: Timestamp, is_whole: bool, mut blobs: Vec<Sibling>) -> Self {
        blobs.sort_by_key(|blob| blob.created_at);
        blobs.shrink_to_fit();
        Self { taken_at, is_whole, blobs }
    }

    /// Whether a new listing would show the same within what is needed.
    fn answers(&self, need: Need<'_>) -> bool {
        let last = need.created.iter().map(|span| span.last).max().unwrap_or(Timestamp::MIN);
        let is_after = |at: Timestamp| at.saturating_add(SKEW).is_ok_and(|at| at < self.taken_at);
        need.all_begun <= self.taken_at && is_after(last) && self.within(need.created).all(|blob| blob.has_ended)
    }

    /// The blobs created within these, and some that were created next to them.
    fn within(&self, created: &Spans) -> impl Iterator<Item = &Sibling> {
        created.iter().flat_map(move |span| {
            let first =
                self.blobs.partition_point(|blob| span.first.duration_since(blob.created_at) > SAME_TIME_WITHIN);
            let rest = &self.blobs[first..];
            rest.iter().take_while(move |blob| blob.created_at.duration_since(span.last) <= SAME_TIME_WITHIN)
        })
    }
}

impl Siblings {
    /// Adds a listing.
    pub(super) fn add(&mut self, listing: Arc<Listing>, from: Source) {
        self.0.push((listing, from));
    }

    /// Whether they are new, or new ones would show the same.
    pub(super) fn answer(&self, need: Need<'_>) -> bool {
        self.0.iter().all(|(listing, from)| *from == Source::Storage || listing.answers(need))
    }

    /// Whether all were taken at this time or later.
    pub(super) fn are_since(&self, at: Timestamp) -> bool {
        self.0.iter().all(|(listing, _)| listing.taken_at >= at)
    }

    /// The blobs created within these, and some that were created next to them.
    pub(super) fn within(&self, created: &Spans) -> impl Iterator<Item = &Sibling> {
        self.0.iter().flat_map(move |(listing, _)| listing.within(created))
    }
}

/// Listings by container and beginning. When there are too many, all of them go.
#[derive(Debug, Default)]
pub(crate) struct KeptListings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    listings: BTreeMap<(ContainerAddress, String), Arc<Listing>>,
    blobs: usize,
}

impl KeptListings {
    /// The listing of a beginning, if it answers.
    pub(super) fn get(
        &self,
        place: &(ContainerAddress, String),
        now: Timestamp,
        need: Need<'_>,
    ) -> Option<Arc<Listing>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current = |taken_at: Timestamp| taken_at <= now && now.duration_since(taken_at) <= LASTS;
        let listing = kept.listings.get(place).filter(|listing| is_current(listing.taken_at))?;
        listing.answers(need).then(|| Arc::clone(listing))
    }

    /// Keeps a listing in the place of an earlier one.
    pub(super) fn put(&self, place: (ContainerAddress, String), listing: &Arc<Listing>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = kept.listings.remove(&place).map_or(0, |listing| listing.blobs.len());
        kept.blobs = kept.blobs - replaced + listing.blobs.len();
        if kept.listings.len() >= LISTINGS || kept.blobs > BLOBS {
            *kept = Kept { listings: BTreeMap::new(), blobs: listing.blobs.len() };
        }
        kept.listings.insert(place, Arc::clone(listing));
    }
}
