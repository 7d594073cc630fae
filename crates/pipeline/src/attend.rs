//! What records say becomes a change of their sessions.

use std::collections::BTreeMap;

use domain::catalogue::{Done, Effect};
use domain::session::{Records, SessionEntry, SessionId, take_in};
use futures_util::{StreamExt, stream};

use crate::archivist::Archivist;
use crate::carry_out::{count, result};
use crate::ports::{Fault, SessionChange};

/// How many sessions are loaded and saved together.
const TOGETHER: usize = 256;
/// How often a lost race is run again.
const RACES: usize = 8;
/// How many effects are carried out at the same time.
const AT_ONCE: usize = 8;

impl Archivist {
    /// Takes in what records say, and has what is near looked at again. Returns how many sessions changed.
    ///
    /// When this returns `Ok`, everything is saved; effects that failed are left to a sweep.
    pub(crate) async fn attend(&self, heard: BTreeMap<SessionId, Records>) -> Result<usize, Fault> {
        let heard: Vec<(SessionId, Records)> = heard.into_iter().collect();
        let mut changed = 0;
        for together in heard.chunks(TOGETHER) {
            changed += self.attend_some(together).await?;
        }
        Ok(changed)
    }

    async fn attend_some(&self, heard: &[(SessionId, Records)]) -> Result<usize, Fault> {
        let mut left: Vec<&(SessionId, Records)> = heard.iter().collect();
        let mut changed = 0;
        for _ in 0..RACES {
            let ids: Vec<SessionId> = left.iter().map(|(id, _)| id.clone()).collect();
            let loaded = self.ports.sessions.load(&ids).await?;
            let now = self.ports.clock.now();
            let next = loaded.into_iter().zip(&left).filter_map(|(before, (id, records))| {
                let context = self.context(now, &id.bastion);
                let after = take_in(&before, records, &context)?;
                Some(SessionChange { before, after })
            });
            let changes: Vec<SessionChange> = next.collect();
            let saved = self.ports.sessions.save(&changes).await?;
            let (won, lost): (Vec<_>, Vec<_>) = changes.into_iter().zip(saved).partition(|(_, saved)| *saved);
            changed += won.len();
            self.carry_out_sessions(won.into_iter().map(|(change, _)| change.after).collect()).await;
            if lost.is_empty() {
                return Ok(changed);
            }
            left.retain(|(id, _)| lost.iter().any(|(change, _)| change.after.id == *id));
        }
        Err(Fault::transient("save what the audit log says", "others kept changing the sessions at the same time"))
    }

    /// Carries out all effects of sessions that were just saved, and clears them. What fails is left to a sweep.
    pub(crate) async fn carry_out_sessions(&self, saved: Vec<SessionEntry>) {
        let with_effects = saved.into_iter().filter(|entry| !entry.pending.is_empty());
        let done = stream::iter(with_effects).map(|before| self.carried_out(before)).buffer_unordered(AT_ONCE);
        let changes: Vec<SessionChange> = done.collect().await;
        if changes.is_empty() {
            return;
        }
        // Whoever saved meanwhile has kept the effects, which are then carried out once more.
        if let Err(fault) = self.ports.sessions.save(&changes).await {
            tracing::warn!(%fault, "effects carried out but not cleared, a sweep repeats them");
        }
    }

    async fn carried_out(&self, before: SessionEntry) -> SessionChange {
        let mut after = before.clone();
        for pending in &before.pending {
            let done = match &pending.effect {
                Effect::Notify(notification) => self.hand_over(notification).await.map(|()| Done::HandedOver),
                Effect::Rejoin => self.rejoin_session(&before).await.map(|()| Done::Rejoined),
                // A session has no blob.
                Effect::WriteTags | Effect::DeleteBlob | Effect::Hash | Effect::Record(_) => Ok(Done::ContentGone),
            };
            count(&pending.effect, done.is_ok());
            if let Err(fault) = &done {
                tracing::warn!(session = %before.id, effect = ?pending.effect.id(), %fault, "effect not carried out");
            }
            after.complete(&pending.effect.id(), &result(done), self.ports.clock.now());
        }
        SessionChange { before, after }
    }
}
