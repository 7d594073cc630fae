//! Lists the containers to find recordings with lost events.

mod absence;

use std::sync::Arc;

use domain::address::{BlobAddress, ContainerAddress};
use domain::decide::context::Rules;
use domain::policy::tags::plan;
use domain::record::catalogue::{Entry, Life, Lives};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::tags::{DUE, STATE};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::deadline::MayGoOn;
use crate::entries::UpdateEntries;
use crate::far_ahead::WakeFarAhead;
use crate::ledger::{AnchorLedger, VerifyLedger};
use crate::listings::{ContainerListings, Depth, DetectLosses, Left};
use crate::ports::{BlobStore, Catalogue, Checkpoints, Fault, ListBlobs, ListedBlob};
use crate::stores::{KnownStores, is_strange};
use crate::time::TimeSource;

#[cfg(test)]
pub(crate) use absence::Rounds;

/// Blobs per page: the most that storage returns, because it bills pages.
const PAGE: usize = 5000;
/// Interval between verifications of the ledger's chain.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Counts of one pass over the containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// Blobs listed.
    pub listed: usize,
    /// Unknown or changed blobs.
    pub found: usize,
    /// Failed containers and blobs; a later pass retries them.
    pub failed: usize,
    /// Entries whose blob is gone or lacks our tags.
    pub amiss: usize,
    /// True if the pass ended before all blobs were listed; the next pass continues.
    pub unfinished: bool,
}

/// Selection of containers and recordings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReconcileScope {
    /// Only the containers of this bastion.
    pub bastion: Option<BastionName>,
    /// Only recordings last written at this time or later.
    pub since: Option<Timestamp>,
}

/// Compares the catalogue with listings of the containers.
pub struct Reconcile {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) ledger_check: Arc<VerifyLedger>,
    pub(crate) ledger_anchors: Arc<AnchorLedger>,
    pub(crate) listings: Arc<ContainerListings>,
    pub(crate) losses: Arc<DetectLosses>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) far_ahead: Arc<WakeFarAhead>,
}

impl Reconcile {
    /// Lists every container with recordings, and catalogues unknown blobs. Once a day, also checks every known
    /// recording and verifies the chain of the ledger.
    ///
    /// The pass checks `may_go_on` between pages; the next pass continues an unfinished listing. Returns an error if
    /// the clock cannot be checked.
    pub fn reconcile<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Reconciled, Fault>> {
        Box::pin(async move {
            self.time.ensure_time().await?;
            self.stores.doubt_no_longer();
            let mut reconciled = self.list_containers(None, Depth::News, may_go_on).await;
            // An error of one step must not block the others.
            if let Err(fault) = self.look_for_absent(may_go_on, &mut reconciled).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "absent recordings not searched, the next pass does it");
            }
            if let Err(fault) = self.far_ahead.wake_far_ahead(may_go_on).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "entries deferred by a wrong clock not checked, the next pass does it");
            }
            if let Err(fault) = self.ledger_check.verify_ledger(DAY, may_go_on).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "ledger not verified, the next pass does it");
            }
            if let Err(fault) = self.ledger_anchors.anchor_ledger(DAY).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "head of the ledger not sent, the next pass does it");
            }
            Ok(reconciled)
        })
    }

    /// Like [`Self::reconcile`], for the selection only, even if it reaches further back than earlier passes. Runs no
    /// daily checks.
    pub fn reconcile_all<'a>(
        &'a self,
        scope: &'a ReconcileScope,
        may_go_on: MayGoOn<'a>,
    ) -> BoxFuture<'a, Result<Reconciled, Fault>> {
        Box::pin(async move {
            self.time.ensure_time().await?;
            Ok(self.list_containers(scope.bastion.as_ref(), Depth::BackTo(scope.since), may_go_on).await)
        })
    }

    async fn list_containers(&self, only: Option<&BastionName>, depth: Depth, may_go_on: MayGoOn<'_>) -> Reconciled {
        let mut reconciled = Reconciled::default();
        let all = self.estate.bastions.iter();
        for bastion in all.filter(|bastion| only.is_none_or(|only| *only == bastion.name)) {
            for container in &bastion.recordings {
                if let Err(fault) = self.list_container(bastion, container, depth, may_go_on, &mut reconciled).await {
                    reconciled.failed += 1;
                    if !is_strange(&fault) {
                        tracing::warn!(%container, %fault, "container not listed, the next pass does it");
                    }
                }
            }
        }
        reconciled
    }

    async fn list_container(
        &self,
        bastion: &Bastion,
        container: &ContainerAddress,
        depth: Depth,
        may_go_on: MayGoOn<'_>,
        reconciled: &mut Reconciled,
    ) -> Result<(), Fault> {
        let (mut listing, mut version) = self.listings.listing(container).await?;
        listing.bastion = Some(bastion.name.as_str().to_owned());
        let now = self.time.now();
        // An inventory report covers nothing after its own time.
        let begun = listing.begin(depth, self.blobs.as_of().map_or(now, |as_of| as_of.min(now)));
        loop {
            let listed =
                self.blobs.list(ListBlobs::first(container, PAGE).after(listing.marker.as_deref()).with_tags()).await?;
            let is_absent = listed.is_none();
            if is_absent && self.blobs.as_of().is_some() {
                // The inventory has no data about this container.
                return Ok(());
            }
            let page = listed.unwrap_or_default();
            reconciled.listed += page.blobs.len();
            listing.seen += page.blobs.len() as u64;
            for blob in page.blobs {
                let is_caught = self.see_listed(bastion, container, blob, begun.since, reconciled).await;
                listing.missed += u64::from(!is_caught);
            }
            let is_last = page.next.is_none();
            listing.marker = page.next;
            if is_last {
                (listing.begun_at, listing.begun_from) = (None, None);
                let seen = std::mem::take(&mut listing.seen);
                let left = if is_absent { Left::NoContainer } else { Left::Blobs(seen) };
                self.losses.note_listed(&bastion.name, container, &mut listing, left).await?;
                if std::mem::take(&mut listing.missed) == 0 {
                    (listing.listed_at, listing.from) = (listing.listed_at.max(Some(begun.at)), begun.from);
                }
            }
            let Some(saved) = self.listings.save_listing(container, version, &listing).await? else {
                return Ok(());
            };
            version = Some(saved);
            if is_last {
                return Ok(());
            }
            if !may_go_on() {
                reconciled.unfinished = true;
                return Ok(());
            }
        }
    }

    /// Compares a listed blob with the catalogue. Returns false if it could not be catalogued.
    async fn see_listed(
        &self,
        bastion: &Bastion,
        container: &ContainerAddress,
        blob: ListedBlob,
        since: Option<Timestamp>,
        reconciled: &mut Reconciled,
    ) -> bool {
        if let Err(fault) = self.see_due(container, &blob, reconciled).await {
            reconciled.failed += 1;
            tracing::warn!(%container, %fault, "tags of a listed blob not checked");
        }
        if since.is_some_and(|since| blob.properties.last_modified < since) {
            return true;
        }
        let listed = (self.blobs.as_of().is_some() && blob.tags.is_some()).then(|| blob.clone());
        let seen = match (self.see(&bastion.name, container, blob).await, &listed) {
            (Ok(found), Some(listed)) => self.take_listed_tags(container, listed).await.map(|()| found),
            (seen, _) => seen,
        };
        match seen {
            Ok(found) => {
                reconciled.found += usize::from(found);
                true
            }
            Err(fault) => {
                reconciled.failed += 1;
                tracing::warn!(%container, %fault, "listed blob not catalogued");
                false
            }
        }
    }

    /// Catalogues a listed blob. Returns true if the blob was unknown or had changed.
    async fn see(&self, bastion: &BastionName, container: &ContainerAddress, blob: ListedBlob) -> Result<bool, Fault> {
        let (account, container) = (container.account.clone(), container.container.clone());
        let address = BlobAddress { account, container, name: blob.name.clone() };
        let loaded = self.catalogue.lives(&address).await?;
        let now = self.time.now();
        let is_known = |entry: &Entry| {
            let is_seen = entry.life.observation.as_ref().is_some_and(|seen| seen.properties == blob.properties);
            // An entry catalogued before audit logs were read still needs its session.
            is_seen && !(self.estate.reads_log_of(bastion) && entry.wants_session(now))
        };
        if loaded.lives.entries.iter().any(is_known) || self.is_overtaken(&loaded.lives, &blob) {
            return Ok(false);
        }
        self.entries.reconsider(loaded, bastion, None).await.map(|_| true)
    }

    /// Saves the tags of an inventory with the entry of the blob, as a read of its tags would: no later read of storage
    /// may happen before a hold among them has to protect the recording.
    async fn take_listed_tags(&self, container: &ContainerAddress, blob: &ListedBlob) -> Result<(), Fault> {
        let loaded = self.catalogue.lives(&container.blob(blob.name.clone())).await?;
        let is_listed =
            |entry: &&Entry| entry.life.observation.as_ref().is_some_and(|seen| seen.properties == blob.properties);
        let carries_none =
            |entry: &Entry| entry.tags.0.is_empty() && blob.tags.as_ref().is_none_or(|tags| tags.0.is_empty());
        for entry in loaded.lives.entries.iter().filter(|entry| entry.state.is_there()).filter(is_listed) {
            // Our own tags, written after the report was made, are newer than those in the report.
            if entry.tagged.is_none() && !carries_none(entry) {
                self.entries.look_at_tags(entry.clone()).await?;
            }
        }
        Ok(())
    }

    /// Checks the tags of a listed blob marked for deletion by the platform.
    async fn see_due(
        &self,
        container: &ContainerAddress,
        blob: &ListedBlob,
        reconciled: &mut Reconciled,
    ) -> Result<(), Fault> {
        if blob.tags.as_ref().and_then(|tags| tags.get(STATE)) != Some(DUE) || self.blobs.as_of().is_some() {
            return Ok(());
        }
        let loaded = self.catalogue.lives(&container.blob(blob.name.clone())).await?;
        for entry in loaded.lives.entries.iter().filter(|entry| entry.state.is_there() && !is_due(entry)) {
            reconciled.amiss += usize::from(self.entries.look_at_tags(entry.clone()).await?);
        }
        Ok(())
    }

    /// Returns true if the catalogue is newer than the inventory.
    fn is_overtaken(&self, lives: &Lives, blob: &ListedBlob) -> bool {
        let listed = blob.properties.last_modified;
        let is_later = |life: &Life| {
            life.observation.as_ref().is_some_and(|observation| observation.properties.last_modified > listed)
                || life.deleted_at().is_some_and(|at| at >= listed)
        };
        self.blobs.as_of().is_some() && lives.entries.iter().any(|entry| is_later(&entry.life))
    }
}

/// Returns true if the entry's planned tags mark the blob for deletion by the platform.
fn is_due(entry: &Entry) -> bool {
    plan(entry).iter().any(|tag| tag.key.as_str() == STATE && tag.value.as_str() == DUE)
}
