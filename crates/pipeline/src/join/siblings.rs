//! Recordings that are in storage, and of which the catalogue may not know yet.

use std::iter;

use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::BlobProperties;
use domain::catalogue::Entry;
use domain::join::{Attended, Recorded};
use jiff::{SignedDuration, Timestamp};

use crate::archivist::Archivist;
use crate::ports::Fault;

/// How many blobs one page of the listing has: as many as storage gives.
const PAGE: usize = 5000;
/// How many pages are read; of a machine with more recordings, the hourly listing of the container has to tell.
const PAGES: usize = 4;
/// An event and the blob it tells of give the same creation time within this.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// A blob of a listing.
pub(super) struct Sibling {
    address: BlobAddress,
    properties: BlobProperties,
}

impl Archivist {
    /// The blobs of the machines that these sessions were on, of which one may have been named after the same session as
    /// this recording, in all containers of the bastion. `None` where they could not all be listed.
    ///
    /// A session that is not known yet has left its recording here, so this is what keeps a name from being given to the
    /// wrong one of two. Storage knows case, and an account is written as somebody typed it, so the machine is all that can
    /// be asked for.
    pub(super) async fn siblings(
        &self,
        entry: &Entry,
        subject: &Recorded,
        sessions: &[Attended],
    ) -> Result<Option<Vec<Sibling>>, Fault> {
        let naming = &self.settings.rules.matching.naming;
        let name = entry.address.name.as_str();
        let fitting = sessions.iter().filter(|session| subject.keys.iter().any(|key| session.keys.contains(key)));
        let beginnings: Option<Vec<&str>> =
            fitting.map(|session| naming.beginning(name, &subject.keys, &session.facts)).collect();
        let Some(prefix) = beginnings.and_then(|beginnings| beginnings.into_iter().min_by_key(|text| text.len()))
        else {
            return Ok(None);
        };
        let (own, mut found) = (entry.address.container(), Vec::new());
        // A bastion that was given another container has left what began before in the old one.
        let bastion = self.settings.estate.bastion(&entry.bastion);
        let others = bastion.iter().flat_map(|bastion| &bastion.recordings).filter(|other| **other != own);
        for container in iter::once(&own).chain(others) {
            if !self.list_siblings(container, prefix, &mut found).await? {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// False where they could not all be listed.
    async fn list_siblings(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        found: &mut Vec<Sibling>,
    ) -> Result<bool, Fault> {
        let mut marker = None;
        for _ in 0..PAGES {
            let Some(page) = self.page_of(container, prefix, marker.as_deref(), PAGE).await? else {
                return Ok(false);
            };
            let blobs = page.blobs.into_iter();
            found.extend(blobs.map(|blob| Sibling { address: container.blob(blob.name), properties: blob.properties }));
            marker = page.next;
            if marker.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A blob of a listing as a recording.
    pub(super) fn recorded(&self, blob: &Sibling, now: Timestamp) -> Recorded {
        self.settings.rules.recorded(&blob.address.name, &blob.properties, now)
    }
}

/// Whether a blob of a listing is the one that this entry is about.
pub(super) fn is_of(blob: &Sibling, entry: &Entry) -> bool {
    let same_time = |at: Timestamp| at.duration_since(blob.properties.created_at).abs() <= SAME_TIME_WITHIN;
    entry.address == blob.address && entry.created_at().is_none_or(same_time)
}
