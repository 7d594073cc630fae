//! Caches listings of blobs under a prefix while they are as good as fresh ones.
//!
//! A cached listing serves a match only if a fresh one could show no other blobs within its reach: it was taken after
//! the last moment of the reach, and after every recording of the sessions had begun. The cached blobs keep their old
//! state, so a listing with an unfinished blob in reach is not used. A cached listing therefore never misses a
//! recording, and never shows a growing recording as ended. A recording deleted since then still counts as one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::address::{BlobName, ContainerAddress};
use domain::past::SKEW;
use domain::record::catalogue::Entry;
use domain::record::session::TimeSpans;
use jiff::{SignedDuration, Timestamp};

/// Tolerance between the creation times of an event and of its blob.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// Lifetime of a cached listing.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Time from the listing for a verdict until its effects are carried out.
const JUST_NOW: SignedDuration = SignedDuration::from_secs(30);
/// Limits of the cache, in listings and in total blobs; a blob takes some hundred bytes.
const LISTINGS: usize = 2_000;
const BLOBS: usize = 100_000;

/// Blob of a listing, in its state at that time.
#[derive(Debug)]
pub(super) struct Sibling {
    pub container: Arc<ContainerAddress>,
    pub name: BlobName,
    pub created_at: Timestamp,
    pub last_modified: Timestamp,
    pub has_ended: bool,
}

/// All blobs under a prefix, by creation time. Empty if there are too many to read.
#[derive(Debug)]
pub(super) struct NameListing {
    taken_at: Timestamp,
    pub is_whole: bool,
    blobs: Vec<Sibling>,
}

/// Listings of one match.
#[derive(Debug, Default)]
pub(super) struct Siblings(Vec<(Arc<NameListing>, ListingSource)>);

/// Requirements of a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need<'a> {
    /// Latest time at which a recording of one of the sessions may begin.
    pub all_begun: Timestamp,
    /// Creation times of the relevant recordings.
    pub created: &'a TimeSpans,
}

/// Source of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListingSource {
    /// Cache, if a listing there [answers](NameListing::answers).
    Kept,
    /// Cache, if a listing there answers or was taken just now, or storage.
    JustNow,
    /// Storage, always fresh.
    Storage,
}

impl Sibling {
    /// Returns true if this is the blob of an entry.
    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        let (address, container) = (&entry.address, &*self.container);
        let same_time = |at: Timestamp| at.duration_since(self.created_at).abs() <= SAME_TIME_WITHIN;
        let same_place = address.account == container.account && address.container == container.container;
        address.name == self.name && same_place && entry.created_at().is_none_or(same_time)
    }
}

impl NameListing {
    /// Creates a listing started at this time.
    pub(super) fn new(taken_at: Timestamp, is_whole: bool, mut blobs: Vec<Sibling>) -> Self {
        blobs.sort_by_key(|blob| blob.created_at);
        blobs.shrink_to_fit();
        Self { taken_at, is_whole, blobs }
    }

    /// Returns true if a fresh listing would show the same within the required spans.
    fn answers(&self, need: Need<'_>) -> bool {
        let last = need.created.iter().map(|span| span.last).max().unwrap_or(Timestamp::MIN);
        let is_after = |at: Timestamp| at.saturating_add(SKEW).is_ok_and(|at| at < self.taken_at);
        need.all_begun <= self.taken_at && is_after(last) && self.within(need.created).all(|blob| blob.has_ended)
    }

    /// Returns the blobs created within these spans, and some just outside.
    fn within(&self, created: &TimeSpans) -> impl Iterator<Item = &Sibling> {
        created.iter().flat_map(move |span| {
            let first =
                self.blobs.partition_point(|blob| span.first.duration_since(blob.created_at) > SAME_TIME_WITHIN);
            let rest = &self.blobs[first..];
            rest.iter().take_while(move |blob| blob.created_at.duration_since(span.last) <= SAME_TIME_WITHIN)
        })
    }
}

impl Siblings {
    pub(super) fn add(&mut self, listing: Arc<NameListing>, from: ListingSource) {
        self.0.push((listing, from));
    }

    /// Returns true if all listings are fresh or as good as fresh.
    pub(super) fn answer(&self, need: Need<'_>) -> bool {
        self.0.iter().all(|(listing, from)| *from != ListingSource::Kept || listing.answers(need))
    }

    /// Returns true if all listings were taken at this time or later.
    pub(super) fn are_since(&self, at: Timestamp) -> bool {
        self.0.iter().all(|(listing, _)| listing.taken_at >= at)
    }

    /// Returns the blobs created within these spans, and some just outside.
    pub(super) fn within(&self, created: &TimeSpans) -> impl Iterator<Item = &Sibling> {
        self.0.iter().flat_map(move |(listing, _)| listing.within(created))
    }
}

/// Listings by container and prefix. If there are too many, all are dropped.
#[derive(Debug, Default)]
pub(crate) struct KeptListings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    listings: BTreeMap<(ContainerAddress, String), Arc<NameListing>>,
    blobs: usize,
}

impl KeptListings {
    /// Returns the listing of a prefix if this source allows a cached one.
    pub(super) fn get(
        &self,
        place: &(ContainerAddress, String),
        now: Timestamp,
        need: Need<'_>,
        from: ListingSource,
    ) -> Option<Arc<NameListing>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let listing = kept.listings.get(place)?;
        let is_within =
            |lasts: SignedDuration| listing.taken_at <= now && now.duration_since(listing.taken_at) <= lasts;
        let answers = || is_within(LASTS) && listing.answers(need);
        let is_good = match from {
            ListingSource::Kept => answers(),
            ListingSource::JustNow => is_within(JUST_NOW) || answers(),
            ListingSource::Storage => false,
        };
        is_good.then(|| Arc::clone(listing))
    }

    /// Stores a listing, replacing an earlier one.
    pub(super) fn put(&self, place: (ContainerAddress, String), listing: &Arc<NameListing>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = kept.listings.remove(&place).map_or(0, |listing| listing.blobs.len());
        kept.blobs = kept.blobs - replaced + listing.blobs.len();
        if kept.listings.len() >= LISTINGS || kept.blobs > BLOBS {
            *kept = Kept { listings: BTreeMap::new(), blobs: listing.blobs.len() };
        }
        kept.listings.insert(place, Arc::clone(listing));
    }
}
