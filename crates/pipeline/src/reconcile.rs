//! Lists the containers: finds recordings whose events never came.

mod absence;
mod listing;
mod losses;

use domain::address::{BlobAddress, ContainerAddress};
use domain::catalogue::{Entry, Life, Lives};
use domain::estate::{Bastion, BastionName};
use domain::tags::{DUE, STATE, plan};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{BlobPage, CheckpointKey, CheckpointKind, Checkpoints, Fault, ListedBlob, Version};
use crate::stored::checkpoint::{AS_WRITTEN, decode, encode};
use crate::stores::is_strange;
#[cfg(test)]
pub(crate) use absence::Rounds;
use listing::Depth;
pub(crate) use listing::Listing;
use losses::Left;

/// How many blobs one page of a listing has.
const PAGE: usize = 1000;
/// How often the chain of the ledger is verified.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What listing the containers found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// Blobs that were listed.
    pub listed: usize,
    /// Blobs of which something was not known.
    pub found: usize,
    /// Containers and blobs that could not be worked on now; a later pass takes them up.
    pub failed: usize,
    /// Entries whose blob is gone, or lacks our tags.
    pub amiss: usize,
    /// Whether the pass ended before all was listed; the next one goes on.
    pub unfinished: bool,
}

/// What of the containers to look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Only the containers of this bastion.
    pub bastion: Option<BastionName>,
    /// Only recordings last written at this time or later.
    pub since: Option<Timestamp>,
}

impl Archivist {
    /// Lists every container with recordings, and catalogues what is not known. Once a day, also looks at every recording
    /// that is known, and verifies the chain of the ledger.
    ///
    /// `may_go_on` is asked between pages; a listing that does not end in one pass goes on in the next.
    pub fn reconcile<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Reconciled, Fault>> {
        Box::pin(async move {
            self.hear_time().await?;
            self.stores.doubt_no_longer();
            let mut reconciled = self.list_containers(None, Depth::News, may_go_on).await;
            // Neither waits for the other to succeed.
            if let Err(fault) = self.look_for_absent(may_go_on, &mut reconciled).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "recordings not looked for, the next pass does it");
            }
            if let Err(fault) = self.wake_far_ahead(may_go_on).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "what a wrong clock put off not looked at, the next pass does it");
            }
            if let Err(fault) = self.verify_ledger(DAY, may_go_on).await {
                reconciled.failed += 1;
                tracing::warn!(%fault, "ledger not verified, the next pass does it");
            }
            Ok(reconciled)
        })
    }

    /// Does the same for what is in scope, also where earlier passes did not look so far back.
    pub fn reconcile_all<'a>(
        &'a self,
        scope: &'a Scope,
        may_go_on: MayGoOn<'a>,
    ) -> BoxFuture<'a, Result<Reconciled, Fault>> {
        Box::pin(async move {
            self.hear_time().await?;
            Ok(self.list_containers(scope.bastion.as_ref(), Depth::BackTo(scope.since), may_go_on).await)
        })
    }

    async fn list_containers(&self, only: Option<&BastionName>, depth: Depth, may_go_on: MayGoOn<'_>) -> Reconciled {
        let mut reconciled = Reconciled::default();
        let all = self.settings.estate.bastions.iter();
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
        let (mut listing, mut version) = self.listing(container).await?;
        listing.bastion = Some(bastion.name.as_str().to_owned());
        let now = self.now();
        // A report tells nothing of what came after it.
        let begun = listing.begin(depth, self.ports.blobs.as_of().map_or(now, |as_of| as_of.min(now)));
        loop {
            let listed = self.ports.blobs.list(container, "", listing.marker.as_deref(), PAGE).await?;
            let is_absent = listed.is_none();
            if is_absent && self.ports.blobs.as_of().is_some() {
                // An inventory does not tell of it.
                return Ok(());
            }
            let page = listed.unwrap_or_default();
            reconciled.listed += page.blobs.len();
            listing.seen += page.blobs.len() as u64;
            for blob in page.blobs {
                if let Err(fault) = self.see_due(container, &blob, reconciled).await {
                    reconciled.failed += 1;
                    tracing::warn!(%container, %fault, "tags of a listed blob not looked at");
                }
                if begun.since.is_none_or(|since| blob.properties.last_modified >= since) {
                    match self.see(&bastion.name, container, blob).await {
                        Ok(found) => reconciled.found += usize::from(found),
                        Err(fault) => {
                            listing.missed += 1;
                            reconciled.failed += 1;
                            tracing::warn!(%container, %fault, "listed blob not catalogued");
                        }
                    }
                }
            }
            let is_last = page.next.is_none();
            listing.marker = page.next;
            if is_last {
                (listing.begun_at, listing.begun_from) = (None, None);
                let seen = std::mem::take(&mut listing.seen);
                let left = if is_absent { Left::NoContainer } else { Left::Blobs(seen) };
                self.note_listed(&bastion.name, container, &mut listing, left).await?;
                if std::mem::take(&mut listing.missed) == 0 {
                    (listing.listed_at, listing.from) = (listing.listed_at.max(Some(begun.at)), begun.from);
                }
            }
            let Some(saved) = self.save_listing(container, version, &listing).await? else {
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

    /// A page of a container, an empty one where there is no container. `None` where nobody knows: what an inventory does not
    /// tell of may be there all the same.
    pub(crate) async fn page_of(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        marker: Option<&str>,
        limit: usize,
    ) -> Result<Option<BlobPage>, Fault> {
        let blobs = &self.ports.blobs;
        let page = blobs.list(container, prefix, marker, limit).await?;
        Ok(page.or_else(|| blobs.as_of().is_none().then(BlobPage::default)))
    }

    /// Takes in a blob of a listing. Says whether anything of it was not known.
    async fn see(&self, bastion: &BastionName, container: &ContainerAddress, blob: ListedBlob) -> Result<bool, Fault> {
        let (account, container) = (container.account.clone(), container.container.clone());
        let address = BlobAddress { account, container, name: blob.name.clone() };
        let loaded = self.ports.catalogue.lives(&address).await?;
        let now = self.now();
        let is_known = |entry: &Entry| {
            let is_seen = entry.life.sighting.as_ref().is_some_and(|seen| seen.properties == blob.properties);
            // One that was catalogued before sessions were looked for is looked at once more.
            is_seen && !(self.settings.estate.reads_log_of(bastion) && entry.wants_session(now))
        };
        if loaded.lives.entries.iter().any(is_known) || self.is_overtaken(&loaded.lives, &blob) {
            return Ok(false);
        }
        self.reconsider(loaded, bastion, None).await.map(|_| true)
    }

    /// Looks at a listed blob whose tags say that the platform may delete it.
    async fn see_due(
        &self,
        container: &ContainerAddress,
        blob: &ListedBlob,
        reconciled: &mut Reconciled,
    ) -> Result<(), Fault> {
        if blob.tags.get(STATE) != Some(DUE) || self.ports.blobs.as_of().is_some() {
            return Ok(());
        }
        let loaded = self.ports.catalogue.lives(&container.blob(blob.name.clone())).await?;
        for entry in loaded.lives.entries.iter().filter(|entry| entry.state.is_there() && !is_due(entry)) {
            reconciled.amiss += usize::from(self.look_at_tags(entry.clone()).await?);
        }
        Ok(())
    }

    /// Whether the catalogue knows more than an old list of blobs.
    fn is_overtaken(&self, lives: &Lives, blob: &ListedBlob) -> bool {
        let listed = blob.properties.last_modified;
        let is_later = |life: &Life| {
            life.sighting.as_ref().is_some_and(|sighting| sighting.properties.last_modified > listed)
                || life.deleted_at().is_some_and(|at| at >= listed)
        };
        self.ports.blobs.as_of().is_some() && lives.entries.iter().any(|entry| is_later(&entry.life))
    }

    /// Whether every container of a bastion has been listed at this time or later, with what was last written at `of`.
    pub(crate) async fn is_listed_since(
        &self,
        bastion: &Bastion,
        since: Timestamp,
        of: Timestamp,
    ) -> Result<bool, Fault> {
        Ok(self.listings(bastion).await?.iter().all(|listing| listing.is_since(since, of)))
    }

    /// How far each container of a bastion has been listed.
    pub(crate) async fn listings(&self, bastion: &Bastion) -> Result<Vec<Listing>, Fault> {
        let mut listings = Vec::new();
        for container in &bastion.recordings {
            listings.push(self.listing(container).await?.0);
        }
        Ok(listings)
    }

    /// Whether a container has been listed at this time or later, with what was last written then or later.
    pub(crate) async fn is_container_listed_since(
        &self,
        container: &ContainerAddress,
        at: Timestamp,
    ) -> Result<bool, Fault> {
        Ok(self.listing(container).await?.0.is_since(at, at))
    }

    /// How many blobs a container had when it was last listed as a whole.
    pub(crate) async fn count_of(&self, container: &ContainerAddress) -> Result<Option<u64>, Fault> {
        Ok(self.listing(container).await?.0.counted)
    }

    async fn listing(&self, container: &ContainerAddress) -> Result<(Listing, Option<Version>), Fault> {
        let Some(checkpoint) = self.ports.checkpoints.get(&key(container)).await? else {
            return Ok((Listing::none(), None));
        };
        let listing = decode(&checkpoint.doc, self.now())?;
        Ok((listing, Some(checkpoint.version)))
    }

    async fn save_listing(
        &self,
        container: &ContainerAddress,
        before: Option<Version>,
        listing: &Listing,
    ) -> Result<Option<Version>, Fault> {
        self.ports.checkpoints.save(&key(container), before, &encode(listing)?).await
    }
}

/// Whether the entry has the platform delete its blob.
fn is_due(entry: &Entry) -> bool {
    plan(entry).iter().any(|tag| tag.key.as_str() == STATE && tag.value.as_str() == DUE)
}

/// Whether anything was ever listed in a container.
pub(crate) async fn is_listed(checkpoints: &dyn Checkpoints, container: &ContainerAddress) -> Result<bool, Fault> {
    let Some(checkpoint) = checkpoints.get(&key(container)).await? else {
        return Ok(false);
    };
    let listing: Listing = decode(&checkpoint.doc, AS_WRITTEN)?;
    Ok(listing.counted.is_some_and(|counted| counted > 0) || listing.seen > 0)
}

/// The containers that were ever listed for a bastion of this name, be they configured or not.
pub async fn listed_containers(
    checkpoints: &dyn Checkpoints,
    bastion: &BastionName,
) -> Result<Vec<ContainerAddress>, Fault> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = checkpoints.list(CheckpointKind::Container, after.as_deref(), PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = Some(last.clone());
        for (name, checkpoint) in &page {
            let listing: Listing = decode(&checkpoint.doc, AS_WRITTEN)?;
            let address =
                name.split_once('/').and_then(|(account, container)| ContainerAddress::parse(account, container).ok());
            let is_of = listing.bastion.as_deref() == Some(bastion.as_str());
            found.extend(address.filter(|_| is_of));
        }
    }
}

fn key(container: &ContainerAddress) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Container, name: container.to_string() }
}
