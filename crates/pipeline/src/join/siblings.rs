//! Lists recordings in storage, known to the catalogue or not.

use std::iter;
use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::decide::join::{RecordingEvidence, SessionEvidence};
use domain::record::blob::whole_second;
use domain::record::catalogue::Entry;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::listed::{ListingSource, NameListing, Need, Sibling, Siblings};
use super::spelling::{Beginning, beginnings};
use crate::join::ReadNeighbourhood;
use crate::ports::{Fault, ListBlobs};

/// Blobs per page: the storage maximum.
const PAGE: usize = 5000;
/// Maximum number of pages per prefix. For a machine with more recordings, the hourly listing of the container must
/// suffice.
const PAGES: usize = 4;
/// Maximum number of prefixes per container.
const BEGINNINGS: usize = 128;
/// Concurrent listings.
const AT_ONCE: usize = 8;
impl ReadNeighbourhood {
    /// Lists the blobs of these sessions' machines, in any spelling and in all containers of the bastion. Returns
    /// `None` if some could not be listed.
    ///
    /// A still unknown session has left its recording here, so this listing prevents a match with the wrong one of two
    /// sessions. Blob names are case-sensitive, and neither log nor blob has a fixed case: see [`Beginning`].
    pub(super) async fn siblings(
        &self,
        entry: &Entry,
        subject: &RecordingEvidence,
        sessions: &[SessionEvidence],
        need: Need<'_>,
        from: ListingSource,
    ) -> Result<Option<Siblings>, Fault> {
        let naming = &self.rules.matching.naming;
        let fitting = sessions.iter().filter(|session| subject.keys.iter().any(|key| session.keys.contains(key)));
        let machines: Option<Vec<Vec<String>>> = fitting.map(|session| naming.beginnings(&session.facts)).collect();
        let Some(machines) = machines.filter(|machines| !machines.is_empty()) else {
            return Ok(None);
        };
        let beginnings = beginnings(entry.address.name.as_str(), &machines.concat());
        let (own, mut found) = (entry.address.container(), Siblings::default());
        // A bastion with a new container has older recordings in the previous one.
        let bastion = self.estate.bastion(&entry.bastion);
        let others = bastion.iter().flat_map(|bastion| &bastion.recordings).filter(|other| **other != own);
        for container in iter::once(&own).chain(others) {
            // The catalogue knows all blobs of a container listed as a whole after all sessions had begun, for example
            // from an inventory report.
            let list = Wanted { container, need, from };
            let is_listed = self.list_siblings(list, &beginnings, &mut found).await?
                || self.listings.is_container_listed_since(container, need.all_begun).await?;
            if !is_listed {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// Returns false if some prefixes could not be listed.
    async fn list_siblings(
        &self,
        wanted: Wanted<'_>,
        beginnings: &[Beginning],
        found: &mut Siblings,
    ) -> Result<bool, Fault> {
        let (mut open, mut listed) = (beginnings.to_vec(), 0);
        while !open.is_empty() {
            listed += open.len();
            if listed > BEGINNINGS {
                return Ok(false);
            }
            let lists = open.clone().into_iter().map(|beginning| self.listing_of(wanted, beginning));
            let lists: Vec<_> = stream::iter(lists).buffered(AT_ONCE).try_collect().await?;
            let mut grown = Vec::new();
            for (list, beginning) in lists.into_iter().zip(open) {
                match list {
                    Some((list, from)) if list.is_whole => found.add(list, from),
                    Some(_) if beginning.can_grow() => grown.extend(beginning.grown()),
                    Some(_) | None => return Ok(false),
                }
            }
            open = grown;
        }
        Ok(true)
    }

    /// Returns all blobs with one prefix, from the cache or from storage. Returns `None` if the store has no data about
    /// this container.
    async fn listing_of(
        &self,
        wanted: Wanted<'_>,
        beginning: Beginning,
    ) -> Result<Option<(Arc<NameListing>, ListingSource)>, Fault> {
        let place = (wanted.container.clone(), beginning.text().to_owned());
        if let Some(kept) = self.kept_listings.get(&place, self.time.now(), wanted.need, wanted.from) {
            return Ok(Some((kept, wanted.from)));
        }
        let Some(listing) = self.list_beginning(wanted.container, &beginning).await?.map(Arc::new) else {
            return Ok(None);
        };
        self.kept_listings.put(place, &listing);
        Ok(Some((listing, ListingSource::Storage)))
    }

    async fn list_beginning(
        &self,
        container: &ContainerAddress,
        beginning: &Beginning,
    ) -> Result<Option<NameListing>, Fault> {
        // Blobs created during the listing may be missing.
        let (taken_at, shared) = (self.time.now(), Arc::new(container.clone()));
        let (mut found, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let request = ListBlobs::first(container, PAGE).under(beginning.text()).after(marker.as_deref());
            let Some(page) = self.listings.page_of(request).await? else {
                return Ok(None);
            };
            found.extend(page.blobs.into_iter().map(|blob| Sibling {
                container: Arc::clone(&shared),
                name: blob.name,
                created_at: whole_second(blob.properties.created_at),
                last_modified: whole_second(blob.properties.last_modified),
                has_ended: self.rules.has_ended(&blob.properties, taken_at),
            }));
            marker = page.next;
            if marker.is_none() {
                return Ok(Some(NameListing::new(taken_at, true, found)));
            }
        }
        Ok(Some(NameListing::new(taken_at, false, Vec::new())))
    }

    /// Converts a listed blob into a recording.
    pub(super) fn evidence(&self, blob: &Sibling) -> RecordingEvidence {
        let naming = &self.rules.matching.naming;
        RecordingEvidence {
            id: None,
            keys: naming.keys_of_recording(blob.name.as_str()).into(),
            created_at: blob.created_at,
            last_modified: blob.last_modified,
            has_ended: blob.has_ended,
        }
    }
}

/// Listing request for a container.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    container: &'a ContainerAddress,
    need: Need<'a>,
    from: ListingSource,
}
