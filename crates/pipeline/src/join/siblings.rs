//! Recordings that are in storage, and of which the catalogue may not know yet.

use std::iter;

use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::BlobProperties;
use domain::catalogue::Entry;
use domain::join::{Attended, Recorded};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

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
/// An event and the blob it tells of give the same creation time within this.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// A blob of a listing.
pub(super) struct Sibling {
    address: BlobAddress,
    properties: BlobProperties,
}

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
        all_begun: Timestamp,
    ) -> Result<Option<Vec<Sibling>>, Fault> {
        let naming = &self.settings.rules.matching.naming;
        let fitting = sessions.iter().filter(|session| subject.keys.iter().any(|key| session.keys.contains(key)));
        let machines: Option<Vec<Vec<String>>> = fitting.map(|session| naming.beginnings(&session.facts)).collect();
        let Some(machines) = machines.filter(|machines| !machines.is_empty()) else {
            return Ok(None);
        };
        let beginnings = beginnings(entry.address.name.as_str(), &machines.concat());
        let (own, mut found) = (entry.address.container(), Vec::new());
        // A bastion that was given another container has left what began before in the old one.
        let bastion = self.settings.estate.bastion(&entry.bastion);
        let others = bastion.iter().flat_map(|bastion| &bastion.recordings).filter(|other| **other != own);
        for container in iter::once(&own).chain(others) {
            // The catalogue knows what is in a container that was listed as a whole after all of them had begun, as by an
            // earlier report.
            let is_told = self.list_siblings(container, &beginnings, &mut found).await?
                || self.is_container_listed_since(container, all_begun).await?;
            if !is_told {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// False if they could not all be listed.
    async fn list_siblings(
        &self,
        container: &ContainerAddress,
        beginnings: &[Beginning],
        found: &mut Vec<Sibling>,
    ) -> Result<bool, Fault> {
        let (mut open, mut listed) = (beginnings.to_vec(), 0);
        while !open.is_empty() {
            listed += open.len();
            if listed > BEGINNINGS {
                return Ok(false);
            }
            let lists = open.into_iter().map(|beginning| self.list_beginning(container, beginning));
            let lists: Vec<Listed> = stream::iter(lists).buffered(AT_ONCE).try_collect().await?;
            open = Vec::new();
            for list in lists {
                match list {
                    Listed::All(blobs) => found.extend(blobs),
                    Listed::TooMany(beginning) if beginning.can_grow() => open.extend(beginning.grown()),
                    Listed::TooMany(_) | Listed::Unknown => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    async fn list_beginning(&self, container: &ContainerAddress, beginning: Beginning) -> Result<Listed, Fault> {
        let (mut found, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let Some(page) = self.page_of(container, beginning.text(), marker.as_deref(), PAGE).await? else {
                return Ok(Listed::Unknown);
            };
            let blobs = page.blobs.into_iter();
            found.extend(blobs.map(|blob| Sibling { address: container.blob(blob.name), properties: blob.properties }));
            marker = page.next;
            if marker.is_none() {
                return Ok(Listed::All(found));
            }
        }
        Ok(Listed::TooMany(beginning))
    }

    /// A blob of a listing as a recording.
    pub(super) fn recorded(&self, blob: &Sibling, now: Timestamp) -> Recorded {
        self.settings.rules.recorded(&blob.address.name, &blob.properties, now)
    }
}

/// What came of listing all blobs with one beginning.
enum Listed {
    All(Vec<Sibling>),
    /// There are more than are read.
    TooMany(Beginning),
    /// The store does not tell of this container.
    Unknown,
}

/// Whether a blob of a listing is the one that this entry is about.
pub(super) fn is_of(blob: &Sibling, entry: &Entry) -> bool {
    let same_time = |at: Timestamp| at.duration_since(blob.properties.created_at).abs() <= SAME_TIME_WITHIN;
    entry.address == blob.address && entry.created_at().is_none_or(same_time)
}
