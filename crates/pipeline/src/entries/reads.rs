//! Reads what a decision about a blob name depends on.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::address::BlobAddress;
use domain::decide::catalogue::{Answer, Input, Needs};
use domain::decide::join::Neighbourhood;
use domain::record::blob::BlobObservation;
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::hold::Hold;
use domain::record::recording_id::RecordingId;
use jiff::{SignedDuration, Timestamp};

use crate::hold::KnownHolds;
use crate::join::ReadNeighbourhood;
use crate::listings::DetectLosses;
use crate::ports::{BlobStore, Fault};
use crate::stores::is_strange;

/// Delay before the next read of a blob in a different store: an operator has to act first.
const STRANGE_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Reads what a decision about a blob name depends on. A failed read must not lose the event: the decision is made
/// without it, and a sweep repeats it.
pub struct ReadForDecision {
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) losses: Arc<DetectLosses>,
    pub(crate) neighbourhoods: Arc<ReadNeighbourhood>,
    pub(crate) holds: Arc<KnownHolds>,
}

/// Observation of a blob.
pub(super) struct Seen {
    pub(super) reading: BlobObservation,
    /// Minimum delay before the next observation.
    pub(super) not_before: Option<SignedDuration>,
}

impl ReadForDecision {
    /// Reads the blob's properties.
    pub(super) async fn look(&self, address: &BlobAddress) -> Seen {
        let (reading, not_before) = match self.blobs.properties(address).await {
            Ok(Some(properties)) => (BlobObservation::Present(properties), None),
            Ok(None) => (BlobObservation::Gone, None),
            Err(fault) if is_strange(&fault) => (BlobObservation::NotRead, Some(STRANGE_AGAIN)),
            Err(fault) => {
                tracing::warn!(blob = %address, %fault, "blob not read, a sweep retries");
                (BlobObservation::NotRead, None)
            }
        };
        Seen { reading, not_before }
    }

    /// Puts the answers to `needs` into the input. Returns an error if a person's command depends on a failed read.
    pub(super) async fn answer(
        &self,
        needs: Needs,
        input: &mut Input,
        address: &BlobAddress,
        bastion: &BastionName,
    ) -> Result<(), Fault> {
        if !needs.sessions_for.is_empty() {
            input.near = Answer::Read(self.near(&needs.sessions_for).await);
        }
        if needs.holds {
            input.holds = self.all_holds(address, input.command.is_some()).await?;
        }
        if needs.lost_at {
            input.lost_at = self.lost_at(address, bastion).await;
        }
        Ok(())
    }

    async fn near(&self, entries: &[Entry]) -> BTreeMap<RecordingId, Neighbourhood> {
        let mut near = BTreeMap::new();
        for entry in entries {
            let Some(evidence) = entry.evidence() else { continue };
            match self.neighbourhoods.near_recording(entry, &evidence).await {
                Ok(found) => drop(near.insert(entry.id, found)),
                Err(fault) => {
                    tracing::warn!(recording = %entry.id, %fault, "session not searched, a sweep does it");
                }
            }
        }
        near
    }

    async fn all_holds(&self, address: &BlobAddress, is_command: bool) -> Result<Answer<Vec<Hold>>, Fault> {
        match self.holds.holds().await {
            Ok(holds) => Ok(Answer::Read(holds)),
            Err(fault) if is_command => Err(fault),
            Err(fault) => {
                tracing::warn!(blob = %address, %fault, "legal holds not read, a sweep retries");
                Ok(Answer::NotRead)
            }
        }
    }

    async fn lost_at(&self, address: &BlobAddress, bastion: &BastionName) -> Answer<Option<Timestamp>> {
        let container = address.container();
        match self.losses.lost_at(bastion, &container).await {
            Ok(lost_at) => Answer::Read(lost_at),
            Err(fault) => {
                tracing::warn!(%container, %fault, "container not counted after an unexpected deletion");
                Answer::NotRead
            }
        }
    }
}
