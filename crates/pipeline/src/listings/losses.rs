//! Detects the loss of most recordings of a container, and sends one notification for all of them.

use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::record::blob::whole_second;
use domain::record::catalogue::RecordingState;
use domain::record::estate::{BastionName, Estate};
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ContainerListing, ContainerListings};
use crate::deliver::NotificationOutbox;
use crate::ports::{BlobStore, Catalogue, Fault, ListBlobs, ListRequest};
use crate::time::TimeSource;

/// Maximum number of losses with separate notifications, if the container is not empty.
const FEW: u64 = 20;
/// Maximum number of losses with separate notifications, if the container is empty.
const FEW_OF_ALL: u64 = 2;
/// Blobs of one listing.
const BLOBS: usize = 1000;
/// Entries per page.
const ENTRIES: usize = 500;

/// Loss of most recordings of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Loss {
    /// Time of detection.
    at: Timestamp,
    /// Recordings gone without a deletion order.
    gone: u64,
    /// Number of blobs in the last complete listing before.
    before: u64,
}

impl Loss {
    /// Returns the time of detection.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }
}

/// Current content of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Number of blobs.
    Blobs(u64),
    /// The container itself does not exist.
    NoContainer,
}

impl Left {
    fn blobs(self) -> u64 {
        match self {
            Self::Blobs(left) => left,
            Self::NoContainer => 0,
        }
    }

    /// Returns true if the loss of `gone` of `before` blobs is notified for the container as a whole.
    fn is_news(self, gone: u64, before: u64) -> bool {
        let few = match self {
            Self::Blobs(0) => FEW_OF_ALL,
            Self::Blobs(_) => FEW,
            // The deletion of a container raises no events about its blobs.
            Self::NoContainer => 0,
        };
        gone > few && gone.saturating_mul(2) > before
    }
}

/// Detects the loss of most recordings of a container.
pub struct DetectLosses {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) listings: Arc<ContainerListings>,
}

impl DetectLosses {
    /// Compares a complete listing with the previous one, and sends one notification if most blobs are gone
    /// unexpectedly. After a crash before the listing is saved, the same notification is sent again.
    ///
    /// A quiet archivist leaves the detection to the next one that can notify.
    pub(crate) async fn note_listed(
        &self,
        bastion: &BastionName,
        container: &ContainerAddress,
        listing: &mut ContainerListing,
        left: Left,
    ) -> Result<(), Fault> {
        let (before, is_old) = (listing.counted.unwrap_or_default(), self.blobs.as_of().is_some());
        if is_old || !left.is_news(before.saturating_sub(left.blobs()), before) {
            listing.counted = Some(left.blobs());
            return Ok(());
        }
        if self.is_quiet {
            return Ok(());
        }
        let gone = self.gone_unexpectedly(container, listing.listed_at, left.blobs()).await?;
        if left.is_news(gone, before) {
            let loss = Loss { at: self.time.now(), gone, before };
            self.outbox.hand_over(&self.news_of_loss(bastion, container, &loss, listing.listed_at, left)).await?;
            listing.lost = Some(loss);
        }
        listing.counted = Some(left.blobs());
        Ok(())
    }

    /// Counts the recordings that disappeared since a listing without an order from us or from a platform rule based on
    /// our tags. Never too high, because a recording on its way to deletion may be among the remaining ones.
    async fn gone_unexpectedly(
        &self,
        container: &ContainerAddress,
        since: Option<Timestamp>,
        left: u64,
    ) -> Result<u64, Fault> {
        let (mut gone, mut there, mut below) = (0, 0_u64, None);
        loop {
            let request = ListRequest { under: None, below, from: None, limit: ENTRIES };
            let page = self.catalogue.list(&request).await?;
            let Some(last) = page.last() else {
                return Ok(gone + there.saturating_sub(left));
            };
            below = Some(last.id);
            for entry in page.iter().filter(|entry| entry.address.container() == *container) {
                let is_ordered = entry.custody.tombstone.is_some();
                let gone_at = entry.life.deleted_at().or(entry.custody.missing_since);
                match entry.state {
                    RecordingState::Active | RecordingState::Settled => {
                        there += u64::from(entry.life.observation.is_some());
                    }
                    RecordingState::Expiring => {}
                    RecordingState::Deleted | RecordingState::Missing => {
                        gone +=
                            u64::from(!is_ordered && gone_at.is_some_and(|at| since.is_none_or(|since| at >= since)));
                    }
                }
            }
        }
    }

    fn news_of_loss(
        &self,
        bastion: &BastionName,
        container: &ContainerAddress,
        loss: &Loss,
        listed_at: Option<Timestamp>,
        left: Left,
    ) -> Notification {
        let event = Event::RecordingDeletedUnexpectedly;
        let listed_at = listed_at.map(|at| whole_second(at).to_string());
        let occurrence = format!("lost since {}", listed_at.as_deref().unwrap_or_default());
        let mut facts = vec![
            NotificationFact::text("bastion", bastion.as_str()),
            NotificationFact::text("account", container.account.as_str()),
            NotificationFact::text("container", container.container.as_str()),
            NotificationFact::number("recordings", loss.gone),
            NotificationFact::number("recordings_before", loss.before),
            NotificationFact::number("recordings_left", left.blobs()),
            NotificationFact::text("found_at", whole_second(loss.at).to_string()),
        ];
        facts.extend(listed_at.map(|at| NotificationFact::text("listed_at", at)));
        Notification {
            facts,
            link: self.estate.portal_url(bastion),
            ..Notification::new(&container.to_string(), event, &occurrence, loss.at)
        }
    }

    /// Returns when most recordings of the container were last found lost; the notification of that covers those of
    /// single losses. First counts the container if the loss may have just happened. An inventory tells of no loss.
    pub(crate) async fn lost_at(
        &self,
        bastion: &BastionName,
        container: &ContainerAddress,
    ) -> Result<Option<Timestamp>, Fault> {
        if self.blobs.as_of().is_some() {
            return Ok(None);
        }
        Ok(self.loss_of(bastion, container).await?.map(|loss| loss.at))
    }

    /// Returns the last loss of the container. Detects a new one if the container fits on a single page.
    async fn loss_of(&self, bastion: &BastionName, container: &ContainerAddress) -> Result<Option<Loss>, Fault> {
        let (mut listing, version) = self.listings.listing(container).await?;
        let counted = listing.counted.unwrap_or_default();
        if !Left::Blobs(0).is_news(counted, counted) {
            return Ok(listing.lost);
        }
        let Some(page) = self.blobs.list(ListBlobs::first(container, BLOBS)).await?.filter(|page| page.next.is_none())
        else {
            return Ok(listing.lost);
        };
        let known = listing.lost.clone();
        self.note_listed(bastion, container, &mut listing, Left::Blobs(page.blobs.len() as u64)).await?;
        if listing.lost != known && self.listings.save_listing(container, version, &listing).await?.is_none() {
            // A concurrent pass has found the same loss, with the same notification.
            return Ok(known);
        }
        Ok(listing.lost)
    }
}

#[cfg(test)]
mod tests {
    use super::Left;

    #[test]
    fn a_container_loss_is_reported_if_most_recordings_are_gone() {
        let is_news = |before: u64, left: u64| Left::Blobs(left).is_news(before - left, before);
        for (before, left) in [(3213, 0), (3213, 1600), (42, 20), (26, 0), (3, 0)] {
            assert!(is_news(before, left), "{left} of {before} left");
        }
        for (before, left) in [(3213, 1607), (100, 50), (40, 20), (20, 1), (2, 0), (1, 0), (0, 0)] {
            assert!(!is_news(before, left), "{left} of {before} left");
        }
        assert!(Left::NoContainer.is_news(1, 1) && !Left::NoContainer.is_news(0, 0));
    }
}
