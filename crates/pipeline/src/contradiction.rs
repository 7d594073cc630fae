//! Notifies people if the log contradicts a confirmed session.

use std::sync::Arc;

use domain::catalogue::Entry;
use domain::estate::BastionName;
use domain::recording_id::RecordingId;
use domain::session::TunnelId;

use crate::decisions::Decisions;
use crate::ports::{Catalogue, Fault, Heading, ListRequest};
use crate::save::save;
use crate::time::TimeSource;

/// Maximum number of recordings read per session.
const OF_ONE_SESSION: usize = 50;

/// Attempts per lost race, before a later pass retries.
const RACES: usize = 8;

/// Notifies people if the log contradicts a confirmed session.
#[derive(Clone)]
pub struct NotifyContradiction {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
}

impl NotifyContradiction {
    /// Notifies people of a contradiction: they confirmed the session for another recording, and the log matches this
    /// one.
    pub(crate) async fn contradict_words(&self, entry: &Entry) -> Result<(), Fault> {
        let found = entry.joined.verdict.session().filter(|_| entry.joined.confirmed.is_none());
        let Some(tunnel) = found.map(|session| session.tunnel_id.clone()) else {
            return Ok(());
        };
        for other in recordings_of(&*self.catalogue, &entry.bastion, &tunnel).await? {
            if other.id == entry.id || other.joined.confirmed.is_none() {
                continue;
            }
            self.contradict(other.id, &tunnel, entry.id).await?;
        }
        Ok(())
    }

    /// Saves the contradiction; the next sweep sends its notification.
    async fn contradict(&self, id: RecordingId, tunnel: &TunnelId, other: RecordingId) -> Result<(), Fault> {
        for _ in 0..RACES {
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(());
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(());
            };
            let mut after = before.clone();
            let context = self.decisions.context(self.time.now(), &before.bastion);
            if !after.is_contradicted_by(tunnel, other, &context) {
                return Ok(());
            }
            self.decisions.suppress_notifications(&before.pending, &mut after.pending);
            if save(&*self.catalogue, loaded, &[after]).await?.is_some() {
                return Ok(());
            }
        }
        Err(Fault::transient(format!("tell of a contradiction to {id}"), "others kept changing it at the same time"))
    }
}

/// Returns the recordings of a session, by the log or by confirmation.
pub(crate) async fn recordings_of(
    catalogue: &dyn Catalogue,
    bastion: &BastionName,
    tunnel: &TunnelId,
) -> Result<Vec<Entry>, Fault> {
    let under = Some(Heading::Session(tunnel.as_str().to_owned()));
    let request = ListRequest { under, below: None, from: None, limit: OF_ONE_SESSION };
    let mut found = catalogue.list(&request).await?;
    found.retain(|entry| entry.bastion == *bastion);
    Ok(found)
}
