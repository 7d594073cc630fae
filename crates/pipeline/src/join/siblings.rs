//! Recordings that are in storage, and of which the catalogue may not know yet.

use domain::address::BlobAddress;
use domain::catalogue::Entry;
use domain::join::{Attended, Recorded};
use jiff::{SignedDuration, Timestamp};

use crate::archivist::Archivist;
use crate::ports::{Fault, ListedBlob};

/// How many blobs one page of the listing has: as many as storage gives.
const PAGE: usize = 5000;
/// How many pages are read; of a machine with more recordings, the hourly listing of the container has to tell.
const PAGES: usize = 4;
/// An event and the blob it tells of give the same creation time within this.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);

impl Archivist {
    /// The blobs of the machines that these sessions were on, of which one may have been named after the same session as
    /// this recording. `None` where they could not all be listed.
    ///
    /// A session that is not known yet has left its recording here, so this is what keeps a name from being given to the
    /// wrong one of two. Storage knows case, and an account is written as somebody typed it, so the machine is all that can
    /// be asked for.
    pub(super) async fn siblings(
        &self,
        address: &BlobAddress,
        subject: &Recorded,
        sessions: &[Attended],
    ) -> Result<Option<Vec<ListedBlob>>, Fault> {
        let naming = &self.settings.rules.matching.naming;
        let name = address.name.as_str();
        let fitting = sessions.iter().filter(|session| subject.keys.iter().any(|key| session.keys.contains(key)));
        let beginnings: Option<Vec<&str>> =
            fitting.map(|session| naming.beginning(name, &subject.keys, &session.facts)).collect();
        let Some(prefix) = beginnings.and_then(|beginnings| beginnings.into_iter().min_by_key(|text| text.len()))
        else {
            return Ok(None);
        };
        let (mut found, mut marker) = (Vec::new(), None);
        for _ in 0..PAGES {
            let page = self.ports.blobs.list(&address.container(), prefix, marker.as_deref(), PAGE).await?;
            let Some(page) = page else { return Ok(None) };
            found.extend(page.blobs);
            marker = page.next;
            if marker.is_none() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A blob of a listing as a recording.
    pub(super) fn recorded(&self, blob: &ListedBlob, now: Timestamp) -> Recorded {
        self.settings.rules.recorded(&blob.name, &blob.properties, now)
    }
}

/// Whether a blob of a listing is the one that this entry is about.
pub(super) fn is_of(blob: &ListedBlob, entry: &Entry) -> bool {
    let same_time = |at: Timestamp| at.duration_since(blob.properties.created_at).abs() <= SAME_TIME_WITHIN;
    entry.address.name == blob.name && entry.created_at().is_none_or(same_time)
}
