//! Applies audit records to their sessions.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::decide::session::merge_records;
use domain::record::effect::{Effect, EffectId, EffectOutcome, EffectResult, notified_before};
use domain::record::estate::Estate;
use domain::record::notification::{Event, FactValue, Notification};
use domain::record::session::{Records, SessionEntry, SessionId};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use crate::decisions::Decisions;
use crate::deliver::NotificationOutbox;
use crate::effects::{count, result};
use crate::join::WakeNeighbours;
use crate::ports::{Fault, SessionChange, Sessions};
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Sessions per load and save.
const TOGETHER: usize = 256;
/// Attempts per lost race.
const RACES: usize = 8;
/// Concurrent effects.
const AT_ONCE: usize = 8;

/// Applies audit records to their sessions.
pub struct ApplyAuditRecords {
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) neighbours: Arc<WakeNeighbours>,
    pub(crate) watermarks: Arc<Watermarks>,
}

impl ApplyAuditRecords {
    /// Merges audit records into their sessions and queues a rejoin of nearby recordings. Returns the number of changed
    /// sessions.
    ///
    /// On `Ok`, all changes are saved. Failed effects stay pending for a sweep. Returns an error if others keep
    /// changing the sessions.
    pub(crate) async fn apply_audit_records(&self, sessions: BTreeMap<SessionId, Records>) -> Result<usize, Fault> {
        let sessions: Vec<(SessionId, Records)> = sessions.into_iter().collect();
        let mut changed = 0;
        for together in sessions.chunks(TOGETHER) {
            changed += self.apply_batch(together).await?;
        }
        Ok(changed)
    }

    async fn apply_batch(&self, sessions: &[(SessionId, Records)]) -> Result<usize, Fault> {
        let mut left: Vec<&(SessionId, Records)> = sessions.iter().collect();
        let mut changed = 0;
        for _ in 0..RACES {
            let ids: Vec<SessionId> = left.iter().map(|(id, _)| id.clone()).collect();
            let loaded = self.sessions.load(&ids).await?;
            let now = self.time.now();
            let next = loaded.into_iter().zip(&left).filter_map(|(before, (id, records))| {
                let context = self.decisions.context(now, &id.bastion);
                let after = merge_records(&before, records, &context)?;
                Some(SessionChange { before, after })
            });
            let changes: Vec<SessionChange> = next.collect();
            let saved = self.sessions.save(&changes).await?;
            let (won, lost): (Vec<_>, Vec<_>) = changes.into_iter().zip(saved).partition(|(_, saved)| *saved);
            changed += won.len();
            self.carry_out_sessions(won.into_iter().map(|(change, _)| change.after).collect()).await;
            if lost.is_empty() {
                return Ok(changed);
            }
            left.retain(|(id, _)| lost.iter().any(|(change, _)| change.after.id == *id));
        }
        Err(Fault::transient("save audit records", "others kept changing the sessions at the same time"))
    }

    /// Carries out all effects of just saved sessions, and clears them. A sweep retries failed effects.
    pub(crate) async fn carry_out_sessions(&self, saved: Vec<SessionEntry>) {
        let with_effects = saved.into_iter().filter(|entry| !entry.pending.is_empty());
        let tried = stream::iter(with_effects).map(|before| self.tried(before)).buffer_unordered(AT_ONCE);
        let tried: Vec<Tried> = tried.collect().await;
        if let Err(fault) = self.clear(tried).await {
            tracing::warn!(%fault, "effects carried out but not cleared, a sweep repeats them");
        }
    }

    async fn tried(&self, before: SessionEntry) -> Tried {
        let mut results = Vec::new();
        for pending in &before.pending {
            let id = pending.effect.id();
            let is_notified =
                |earlier: EffectId| results.contains(&(earlier, EffectResult::Done(EffectOutcome::HandedOver)));
            if !notified_before(&before.pending, &id).all(is_notified) {
                results.push((id, EffectResult::Failed { retry_after: None }));
                continue;
            }
            let done = match &pending.effect {
                Effect::Notify(notification) => self.notify(notification, &before).await,
                Effect::Rejoin => self.neighbours.rejoin_session(&before).await.map(|()| EffectOutcome::Rejoined),
                // A session has no blob.
                Effect::WriteTags | Effect::DeleteBlob | Effect::Hash | Effect::Record(_) => {
                    Ok(EffectOutcome::ContentGone)
                }
            };
            count(&pending.effect, done.is_ok());
            if let Err(fault) = &done {
                tracing::warn!(session = %before.id, effect = ?id, %fault, "effect not carried out");
            }
            results.push((id, result(done)));
        }
        Tried { before, results }
    }

    /// Hands a notification over, and remembers that the bastion stopped recording: its next recording ends the trouble.
    async fn notify(&self, notification: &Notification, session: &SessionEntry) -> Result<EffectOutcome, Fault> {
        self.outbox.hand_over(notification).await?;
        if notification.event == Event::BastionRecordingStopped {
            // Recordings up to here were known, or are older than the session without one.
            let known = notification.facts.iter().find(|fact| fact.name == "newest_recording");
            let known = known.and_then(|fact| match &fact.value {
                FactValue::Text(at) => at.parse::<Timestamp>().ok(),
                FactValue::Number(_) => None,
            });
            let unrecorded_at = known.max(session.session().facts.started_at).unwrap_or(notification.at);
            self.watermarks
                .mark(&session.id.bastion, |watermark| {
                    watermark.unrecorded_at = watermark.unrecorded_at.max(Some(unrecorded_at));
                })
                .await?;
        }
        Ok(EffectOutcome::HandedOver)
    }

    /// Saves the results of effects, even if the session was saved meanwhile. Otherwise two nearby sessions rejoining
    /// each other at the same time would never clear their effects.
    async fn clear(&self, mut tried: Vec<Tried>) -> Result<(), Fault> {
        let mut stored: Vec<SessionEntry> = tried.iter().map(|one| one.before.clone()).collect();
        for _ in 0..RACES {
            if tried.is_empty() {
                return Ok(());
            }
            let now = self.time.now();
            let changes: Vec<_> = tried.iter().zip(stored).map(|(one, before)| one.cleared(before, now)).collect();
            let saved = self.sessions.save(&changes).await?;
            let lost = tried.into_iter().zip(saved).filter(|(_, saved)| !saved).map(|(one, _)| one);
            let lost: Vec<Tried> = lost.collect();
            let ids: Vec<SessionId> = lost.iter().map(|one| one.before.id.clone()).collect();
            let loaded = if ids.is_empty() { Vec::new() } else { self.sessions.load(&ids).await? };
            let still = lost.into_iter().zip(loaded).filter(|(one, now)| one.still_counts_for(now));
            (tried, stored) = still.unzip();
        }
        Err(Fault::transient("save the results of effects", "others kept changing the sessions at the same time"))
    }
}

/// Session as loaded, with the results of its effects.
struct Tried {
    before: SessionEntry,
    results: Vec<(EffectId, EffectResult)>,
}

impl Tried {
    fn cleared(&self, stored: SessionEntry, now: Timestamp) -> SessionChange {
        let mut after = stored.clone();
        for (id, result) in &self.results {
            after.complete(id, result, now);
        }
        SessionChange { before: stored, after }
    }

    /// Returns true if the results still apply. If the records changed, other recordings and sessions are nearby, so
    /// the effects run again.
    fn still_counts_for(&self, stored: &SessionEntry) -> bool {
        stored.records == self.before.records && !stored.pending.is_empty()
    }
}
