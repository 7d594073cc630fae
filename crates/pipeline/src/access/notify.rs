//! Announces accesses, each once.

use std::sync::Arc;

use domain::address::BlobAddress;
use domain::decide::access::{AnnounceRules, access_notification};
use domain::record::access::{BlobAccesses, LifeSpan};
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, Estate};
use futures_util::future::BoxFuture;
use jiff::SignedDuration;

use super::apply::{key, stored};
use super::news::NewsMarker;
use crate::deadline::MayGoOn;
use crate::decisions::Decisions;
use crate::deliver::NotificationOutbox;
use crate::ports::{Catalogue, Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::stored::accesses::AccessesForm;
use crate::stored::checkpoint::{decode, encode};
use crate::time::TimeSource;

/// Markers per page.
const PAGE: usize = 100;
/// Time in which the entry of an accessed recording is awaited: reconciliation finds recordings without an event hourly.
const ENTRY_WITHIN: SignedDuration = SignedDuration::from_hours(72);

/// Announces accesses of recordings.
pub struct AnnounceAccesses {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl AnnounceAccesses {
    /// Announces the accesses of every marked name. Returns the number of names that failed; a later pass retries them.
    /// Returns an error if the markers cannot be listed.
    pub fn announce_accesses<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<usize, Fault>> {
        Box::pin(async move {
            let (mut failed, mut after) = (0, None::<String>);
            if self.estate.access_log_containers().is_empty() {
                return Ok(failed);
            }
            loop {
                let page = self.checkpoints.list(CheckpointKind::AccessNews, after.as_deref(), PAGE).await?;
                let Some((last, _)) = page.last() else { return Ok(failed) };
                after = Some(last.clone());
                for (name, marker) in page {
                    if !may_go_on() {
                        return Ok(failed);
                    }
                    if let Err(fault) = self.announce_one(&name, &marker).await {
                        failed += 1;
                        tracing::warn!(%fault, "accesses of a recording not announced, the next pass goes on");
                    }
                }
            }
        })
    }

    async fn announce_one(&self, name: &str, marker: &Checkpoint) -> Result<(), Fault> {
        let marker_key = CheckpointKey { kind: CheckpointKind::AccessNews, name: name.to_owned() };
        let now = self.time.now();
        let since = decode::<NewsMarker>(&marker.doc, now)?.since;
        let is_done = match address_of(name) {
            Some(blob) => {
                let (waits, lacks_entry) = self.announce_blob(&blob).await?;
                !waits && (!lacks_entry || now.duration_since(since) > ENTRY_WITHIN)
            }
            None => true,
        };
        if is_done {
            // With another version, there is news since this pass read the accesses.
            self.checkpoints.remove(&marker_key, marker.version).await?;
        }
        Ok(())
    }

    /// Announces what is due of one name. The first flag is true if more will be due, the second if an access belongs to
    /// no entry yet.
    async fn announce_blob(&self, blob: &BlobAddress) -> Result<(bool, bool), Fault> {
        let key = key(blob);
        let Some((form, mut version)) = stored(&*self.checkpoints, blob).await? else {
            return Ok((false, false));
        };
        let (before, is_open) = (form.clone(), form.is_open);
        let mut accesses = form.accesses()?;
        let lives = self.catalogue.lives(blob).await?.lives;
        let (mut waits, now) = (false, self.time.now());
        let spans: Vec<(&Entry, LifeSpan)> =
            lives.entries.iter().map(|entry| (entry, LifeSpan::from_entry(entry, &lives.entries))).collect();
        for (entry, span) in &spans {
            let bastion = self.estate.recorder(&entry.address.container(), &entry.bastion);
            let known = bastion.map(Bastion::known_identities).unwrap_or_default();
            waits |= accesses.decide(entry, *span, AnnounceRules { known: &known, now });
        }
        let lacks_entry = lacks_entry(&accesses, &spans);
        // Ids are fixed before the first notification goes out, so a retry sends the same ones.
        let mut decided = AccessesForm::from_accesses(accesses.clone());
        decided.is_open = is_open;
        if decided != before {
            version = match self.checkpoints.save(&key, Some(version), &encode(&decided)?).await? {
                Some(version) => version,
                None => return Ok((true, lacks_entry)),
            };
        }
        for at in 0..accesses.announced.len() {
            let announced = accesses.announced[at].clone();
            let of_it = spans.iter().find(|(entry, _)| entry.id == announced.recording);
            if let Some((entry, span)) = of_it.filter(|_| !announced.is_sent) {
                let context = self.decisions.context(now, &entry.bastion);
                let notification = access_notification(&announced, &accesses, entry, *span, &context);
                self.outbox.hand_over(&notification).await?;
                accesses.announced[at].is_sent = true;
            }
        }
        let mut sent = AccessesForm::from_accesses(accesses);
        sent.is_open = waits || lacks_entry;
        if sent != decided && self.checkpoints.save(&key, Some(version), &encode(&sent)?).await?.is_none() {
            return Ok((true, lacks_entry));
        }
        Ok((waits, lacks_entry))
    }
}

/// Returns true if a group of content belongs to no entry.
fn lacks_entry(accesses: &BlobAccesses, spans: &[(&Entry, LifeSpan)]) -> bool {
    accesses.groups.iter().any(|(key, group)| {
        key.kind.concerns_content() && !spans.iter().any(|(_, span)| span.holds(group.first, group.last))
    })
}

pub(crate) fn address_of(name: &str) -> Option<BlobAddress> {
    let mut parts = name.splitn(3, '/');
    BlobAddress::parse(parts.next()?, parts.next()?, parts.next()?).ok()
}
