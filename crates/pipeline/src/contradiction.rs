//! Notifies people if the log contradicts a confirmed session.

use std::sync::Arc;

use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;

use crate::decisions::Decisions;
use crate::ports::{Catalogue, Fault, Heading, ListRequest};
use crate::save::{save, save_with_retry};
use crate::time::TimeSource;

/// Maximum number of recordings read per session.
const OF_ONE_SESSION: usize = 50;

/// Notifies people if the log contradicts a confirmed session.
pub struct NotifyContradiction {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
}

impl NotifyContradiction {
    /// Notifies people of a contradiction: they confirmed the session for another recording, and the log matches this
    /// one.
    pub(crate) async fn contradict_words(&self, entry: &Entry) -> Result<(), Fault> {
        let found = entry.match_state.verdict.session().filter(|_| entry.match_state.confirmed.is_none());
        let Some(tunnel) = found.map(|session| session.tunnel_id.clone()) else {
            return Ok(());
        };
        for other in recordings_of(&*self.catalogue, &entry.bastion, &tunnel).await? {
            if other.id == entry.id || other.match_state.confirmed.is_none() {
                continue;
            }
            self.contradict(other.id, &tunnel, entry.id).await?;
        }
        Ok(())
    }

    /// Saves the contradiction; the next sweep sends its notification.
    async fn contradict(&self, id: RecordingId, tunnel: &TunnelId, other: RecordingId) -> Result<(), Fault> {
        save_with_retry(
            || format!("report a contradiction with {id}"),
            || {
                Box::pin(async move {
                    let Some(loaded) = self.catalogue.lives_of(id).await? else {
                        return Ok(Some(()));
                    };
                    let Some(mut after) = loaded.lives.entry(id).cloned() else {
                        return Ok(Some(()));
                    };
                    let bastion = after.bastion.clone();
                    let context = self.decisions.context(self.time.now(), &bastion);
                    if !after.is_contradicted_by(tunnel, other, &context) {
                        return Ok(Some(()));
                    }
                    Ok(save(&*self.catalogue, loaded, &[after]).await?.map(drop))
                })
            },
        )
        .await
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
