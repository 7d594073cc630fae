//! Decides if a container is in the store the catalogue was built from.

use domain::address::ContainerAddress;
use domain::record::catalogue::Entry;
use jiff::SignedDuration;

use super::{KnownStores, StrangeStore, lock, mark};
use crate::listings::is_listed;
use crate::ports::{Fault, ListRequest, StoreId};
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// Entries per page.
const PAGE: usize = 500;
/// Known recordings to look for. A single one found proves the store.
const SAMPLE: usize = 20;
/// Tolerance between two reports of the same creation time.
const SAME_TIME_WITHIN: SignedDuration = SignedDuration::from_secs(2);

pub(crate) enum JudgedNeighbourhood {
    /// The catalogue was built from it, or it has no identity.
    Same,
    /// No store is remembered, and there is no sign of a mismatch.
    New(StoreId),
    /// The catalogue was built from another store.
    Strange(StrangeStore),
}

impl KnownStores {
    /// Compares a container's store with the remembered one. Writes nothing.
    ///
    /// If no store is remembered but the container was listed before, the listing came from an inventory report; one of
    /// the newest recordings must then be there. Audit logs have no such proof and are trusted only if the recordings
    /// of their bastions are.
    pub(crate) async fn judge(&self, container: &ContainerAddress) -> Result<JudgedNeighbourhood, Fault> {
        let judged = self.judge_alone(container).await?;
        if let JudgedNeighbourhood::New(found) = &judged {
            let bastions = self.estate.bastions_of_audit_logs(container);
            let bastions = bastions.chain(self.estate.bastions_of_access_logs(container));
            for recordings in bastions.flat_map(|bastion| &bastion.recordings) {
                if let JudgedNeighbourhood::Strange(_) = self.judge_alone(recordings).await? {
                    return Ok(JudgedNeighbourhood::Strange(StrangeStore {
                        container: container.clone(),
                        known: None,
                        found: found.clone(),
                    }));
                }
            }
        }
        Ok(judged)
    }

    async fn judge_alone(&self, container: &ContainerAddress) -> Result<JudgedNeighbourhood, Fault> {
        let Some(found) = self.blobs.identity(container).await? else {
            return Ok(JudgedNeighbourhood::Same);
        };
        let strange =
            |known, found| JudgedNeighbourhood::Strange(StrangeStore { container: container.clone(), known, found });
        if let Some(known) = self.remembered(container, &found).await? {
            return Ok(if known == found {
                JudgedNeighbourhood::Same
            } else {
                strange(Some(known), found)
            });
        }
        if lock(&self.unproven).get(container) == Some(&found) {
            return Ok(strange(None, found));
        }
        if is_listed(self.checkpoints.as_ref(), container).await? && !self.is_proven(container).await? {
            lock(&self.unproven).insert(container.clone(), found.clone());
            return Ok(strange(None, found));
        }
        Ok(JudgedNeighbourhood::New(found))
    }

    /// Returns the remembered store. Reads it again if it differs from `found`, since a person may have adopted another
    /// store.
    async fn remembered(&self, container: &ContainerAddress, found: &StoreId) -> Result<Option<StoreId>, Fault> {
        if lock(&self.remembered).get(container) == Some(found) {
            return Ok(Some(found.clone()));
        }
        let Some(checkpoint) = self.checkpoints.get(&mark::key(container)).await? else {
            return Ok(None);
        };
        let known = decode::<mark::StoreMark>(&checkpoint.doc, AS_WRITTEN)?.store();
        lock(&self.remembered).insert(container.clone(), known.clone());
        Ok(Some(known))
    }

    /// Returns true if the container holds one of its newest catalogued recordings, or if none is catalogued.
    async fn is_proven(&self, container: &ContainerAddress) -> Result<bool, Fault> {
        let (mut below, mut asked) = (None, 0);
        loop {
            let request = ListRequest { under: None, below, from: None, limit: PAGE };
            let page = self.catalogue.list(&request).await?;
            let Some(last) = page.last() else { return Ok(asked == 0) };
            below = Some(last.id);
            for entry in page.iter().filter(|entry| entry.state.is_there() && entry.address.container() == *container) {
                if self.is_seen_again(entry).await? {
                    return Ok(true);
                }
                asked += 1;
                if asked == SAMPLE {
                    return Ok(false);
                }
            }
        }
    }

    async fn is_seen_again(&self, entry: &Entry) -> Result<bool, Fault> {
        let Some(known) = entry.created_at() else { return Ok(false) };
        let found = self.blobs.properties(&entry.address).await?;
        Ok(found.is_some_and(|found| found.created_at.duration_since(known).abs() <= SAME_TIME_WITHIN))
    }
}
