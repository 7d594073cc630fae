//! Recordings that are in storage, and of which the catalogue may not know yet.

use std::iter;
use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::blob::whole_second;
use domain::catalogue::Entry;
use domain::join::{Attended, Recorded};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::listed::{Listing, Need, Sibling, Siblings, Source};
use super::spelling::{Beginning, beginnings};
use crate::archivist::Archivist;
use crate::ports::Fault;

/// How many blobs one page of the listing has: as many as storage gives.
const PAGE: usize = 5000;
/// How many pages are read of one beginning; of a machine with more recordings, the hourly listing of the container has
/// to tell.
const PAGES: usize = 4;
/// How many beginnings are listed in one container at most.
const BEGINNINGS: usize = 128;
/// How many of them are listed at the same time.
const AT_ONCE: usize = 8;
impl Archivist {
    /// The blobs of the machines that these sessions were on, in whatever case they are spelled, in all containers of the
    /// bastion. `None` if they could not all be listed.
    ///
    /// A session that is not known yet has left its recording here, so this is what keeps a name from being given to the
    /// wrong one of two. Storage knows case, and neither log nor blob is bound to one: see [`Beginning`].
    pub(super) async fn siblings(
        &self,
        entry: &Entry,
        subject: &Recorded,
        sessions: &[Attended],
        need: Need<'_>,
        from: Source,
    ) -> Result<Option<Siblings>, Fault> {
        let naming = &self.settings.rules.matching.naming;
        let fitting = sessions.iter().filter(|session| subject.keys.iter().any(|key| session.keys.contains(key)));
        let machines: Option<Vec<Vec<String>>> = fitting.map(|session| naming.beginnings(&session.facts)).collect();
        let Some(machines) = machines.filter(|machines| !machines.is_empty()) else {
            return Ok(None);
        };
        let beginnings = beginnings(entry.address.name.as_str(), &machines.concat());
        let (own, mut found) = (entry.address.container(), Siblings::default());
        // A bastion that was given another container has left what began before in the old one.
        let bastion = self.settings.estate.bastion(&entry.bastion);
        let others = bastion.iter().flat_map(|bastion| &bastion.recordings).filter(|other| **other != own);
        for container in iter::once(&own).chain(others) {
            // The catalogue knows what is in a container that was listed as a whole after all of them had begun, as by an
            // earlier report.
            let list = Wanted { container, need, from };
            let is_told = self.list_siblings(list, &beginnings, &mut found).await?
                || self.is_container_listed_since(container, need.all_begun).await?;
            if !is_told {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// False if they could not all be listed.
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

    /// All blobs with one beginning, from memory or from storage. `None` if the store does not tell of this container.
    async fn listing_of(
        &self,
        wanted: Wanted<'_>,
        beginning: Beginning,
    ) -> Result<Option<(Arc<Listing>, Source)>, Fault> {
        let place = (wanted.container.clone(), beginning.text().to_owned());
        if wanted.from == Source::Kept
            && let Some(kept) = self.kept_listings.get(&place, self.now(), wanted.need)
        {
            return Ok(Some((kept, Source::Kept)));
        }
        let Some(listing) = self.list_beginning(wanted.container, &beginning).await?.map(Arc::new) else {
            return Ok(None);
        };
        self.kept_listings.put(place, &listing);
        Ok(Some((listing, Source::Storage)))
    }

    async fn list_beginning(
        &self,
        container: &ContainerAddress,
        beginning: &Beginning,
    ) -> Result<Option<Listing>, Fault> {
        // What comes to be while it is being listed may be missing.
        let (taken_at, shared) = (self.now(), Arc::new(container.clone()));
        let (mut found, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let Some(page) = self.page_of(container, beginning.text(), marker.as_deref(), PAGE).await? else {
                return Ok(None);
            };
            found.extend(page.blobs.into_iter().map(|blob| Sibling {
                container: Arc::clone(&shared),
                name: blob.name,
                created_at: whole_second(blob.properties.created_at),
                last_modified: whole_second(blob.properties.last_modified),
                has_ended: self.settings.rules.has_ended(&blob.properties, taken_at),
            }));
            marker = page.next;
            if marker.is_none() {
                return Ok(Some(Listing::new(taken_at, true, found)));
            }
        }
        Ok(Some(Listing::new(taken_at, false, Vec::new())))
    }

    /// A blob of a listing as a recording.
    pub(super) fn recorded(&self, blob: &Sibling) -> Recorded {
        let naming = &self.settings.rules.matching.naming;
        Recorded {
            id: None,
            keys: naming.keys_of_recording(blob.name.as_str()).into(),
            created_at: blob.created_at,
            last_modified: blob.last_modified,
            has_ended: blob.has_ended,
        }
    }
}

/// What is listed of a container.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    container: &'a ContainerAddress,
    need: Need<'a>,
    from: Source,
}
