//! Progress of the listings of containers, and losses that a listing shows.

mod listing;
mod losses;

use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::record::estate::{Bastion, BastionName};
use jiff::Timestamp;

use crate::all_checkpoints::all_checkpoints;
use crate::ports::{BlobPage, BlobStore, CheckpointKey, CheckpointKind, Checkpoints, Fault, ListBlobs, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::time::TimeSource;

pub(crate) use listing::{ContainerListing, Depth};
pub use losses::DetectLosses;
pub(crate) use losses::Left;

/// Stores how far each container has been listed.
pub struct ContainerListings {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) time: Arc<TimeSource>,
}

impl ContainerListings {
    /// Returns a page of a container, or an empty one if the container does not exist. Returns `None` if the inventory
    /// has no data about the container, which may still exist.
    pub(crate) async fn page_of(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let blobs = &self.blobs;
        let page = blobs.list(request).await?;
        Ok(page.or_else(|| blobs.as_of().is_none().then(BlobPage::default)))
    }

    /// Returns true if every container of the bastion was listed at `since` or later, including blobs last written at
    /// `of`.
    pub(crate) async fn is_listed_since(
        &self,
        bastion: &Bastion,
        since: Timestamp,
        of: Timestamp,
    ) -> Result<bool, Fault> {
        Ok(self.listings(bastion).await?.iter().all(|listing| listing.is_since(since, of)))
    }

    /// Returns the listing state of each container of a bastion.
    pub(crate) async fn listings(&self, bastion: &Bastion) -> Result<Vec<ContainerListing>, Fault> {
        let mut listings = Vec::new();
        for container in &bastion.recordings {
            listings.push(self.listing(container).await?.0);
        }
        Ok(listings)
    }

    /// Returns true if the container was listed at `at` or later, including blobs last written at `at`.
    pub(crate) async fn is_container_listed_since(
        &self,
        container: &ContainerAddress,
        at: Timestamp,
    ) -> Result<bool, Fault> {
        Ok(self.listing(container).await?.0.is_since(at, at))
    }

    /// Returns the number of blobs in the last complete listing.
    pub(crate) async fn count_of(&self, container: &ContainerAddress) -> Result<Option<u64>, Fault> {
        Ok(self.listing(container).await?.0.counted)
    }

    /// Returns the stored progress of a container, with its version.
    pub(crate) async fn listing(
        &self,
        container: &ContainerAddress,
    ) -> Result<(ContainerListing, Option<Version>), Fault> {
        let Some(checkpoint) = self.checkpoints.get(&key(container)).await? else {
            return Ok((ContainerListing::none(), None));
        };
        let listing = decode(&checkpoint.doc, self.time.now())?;
        Ok((listing, Some(checkpoint.version)))
    }

    /// Saves the progress of a container. Returns `None` if another process saved it first.
    pub(crate) async fn save_listing(
        &self,
        container: &ContainerAddress,
        before: Option<Version>,
        listing: &ContainerListing,
    ) -> Result<Option<Version>, Fault> {
        self.checkpoints.save(&key(container), before, &encode(listing)?).await
    }
}

/// Returns true if any blob was ever listed in the container.
pub(crate) async fn is_listed(checkpoints: &dyn Checkpoints, container: &ContainerAddress) -> Result<bool, Fault> {
    let Some(checkpoint) = checkpoints.get(&key(container)).await? else {
        return Ok(false);
    };
    let listing: ContainerListing = decode(&checkpoint.doc, AS_WRITTEN)?;
    Ok(listing.counted.is_some_and(|counted| counted > 0) || listing.seen > 0)
}

/// Returns all containers ever listed for a bastion of this name, configured or not.
pub async fn listed_containers(
    checkpoints: &dyn Checkpoints,
    bastion: &BastionName,
) -> Result<Vec<ContainerAddress>, Fault> {
    let mut found = Vec::new();
    for (name, checkpoint) in all_checkpoints(checkpoints, CheckpointKind::Container).await? {
        let listing: ContainerListing = decode(&checkpoint.doc, AS_WRITTEN)?;
        let address =
            name.split_once('/').and_then(|(account, container)| ContainerAddress::parse(account, container).ok());
        let is_of = listing.bastion.as_deref() == Some(bastion.as_str());
        found.extend(address.filter(|_| is_of));
    }
    Ok(found)
}

fn key(container: &ContainerAddress) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Container, name: container.to_string() }
}
