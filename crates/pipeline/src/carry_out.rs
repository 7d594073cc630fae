//! Carries out pending effects one by one and saves each result with its entry.

use crate::deliver::NotificationOutbox;
use crate::hold::KnownHolds;
use crate::ingest::UpdateEntries;
use crate::join::WakeNeighbours;
use crate::record::AppendLedger;
use crate::retention::CurrentTags;
use crate::time::{DeletionClock, TimeSource};
use domain::catalogue::{Done, Effect, EffectId, EffectResult, Entry, Rules};
use domain::recording_id::RecordingId;
use std::sync::Arc;

use crate::ports::{BlobStore, Catalogue, Fault, FaultKind, Loaded, Queue};
use crate::save::save;
use crate::stores::is_strange;
use crate::write_tags::TagsTried;

/// Attempts to save the results after a lost race, before a sweep repeats the effects.
const RACES: usize = 8;

impl UpdateEntries {
    /// Carries out these pending effects and saves the results.
    ///
    /// The caller's input is saved already, so a failure here is no failure of the input. The next sweep retries
    /// pending effects.
    pub(crate) async fn carry_out(&self, saved: Loaded, effects: Vec<(RecordingId, EffectId)>) {
        let (mut results, mut changed_by_others) = (Vec::new(), Vec::new());
        for (id, effect) in effects {
            let Some(entry) = saved.lives.entry(id) else { continue };
            let Some(pending) = entry.pending(&effect) else { continue };
            let result = match self.effects.try_effect(entry, &pending.effect).await {
                Tried::Result(result) => result,
                Tried::ForeignTags => {
                    changed_by_others.push(entry.clone());
                    EffectResult::Failed { retry_after: None }
                }
            };
            results.push((id, effect, result));
        }
        if results.is_empty() {
            return;
        }
        if let Err(fault) = self.save_results(saved, &results).await {
            tracing::warn!(%fault, "effects carried out but not cleared, a sweep repeats them");
        }
        for entry in changed_by_others {
            let id = entry.id;
            if let Err(fault) = self.look_at_tags(entry).await {
                tracing::warn!(recording = %id, %fault, "changed tags not taken in, a sweep does it");
            }
        }
    }

    async fn save_results(
        &self,
        mut saved: Loaded,
        results: &[(RecordingId, EffectId, EffectResult)],
    ) -> Result<(), Fault> {
        for race in 0..RACES {
            let now = self.time.now();
            let mut changed: Vec<Entry> = Vec::new();
            // The concurrent save may have moved the entry, so a rejoin must see its new neighbours.
            let still_done = results.iter().filter(|(_, effect, _)| race == 0 || *effect != EffectId::Rejoin);
            for (id, effect, result) in still_done {
                let known = changed.iter().position(|entry| entry.id == *id);
                let at = known.or_else(|| {
                    changed.extend(saved.lives.entry(*id).cloned());
                    changed.len().checked_sub(1)
                });
                if let Some(entry) = at.and_then(|at| changed.get_mut(at)).filter(|entry| entry.id == *id) {
                    entry.complete(effect, result.clone(), now);
                }
            }
            if race > 0 && results.iter().any(|(_, effect, _)| *effect == EffectId::Tags) {
                // The concurrent writer may have written tags too, in unknown order.
                changed.iter_mut().for_each(|entry| entry.recheck_tags(now));
            }
            let address = saved.lives.address.clone();
            if save(&*self.catalogue, saved, &changed).await?.is_some() {
                return Ok(());
            }
            saved = self.catalogue.lives(&address).await?;
        }
        Err(Fault::transient("save the results of effects", "others kept changing the entry at the same time"))
    }
}

/// Carries out one pending effect of an entry.
#[derive(Clone)]
pub struct CarryOutEffects {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) ledger_queue: Arc<AppendLedger>,
    pub(crate) deletion_clock: Arc<DeletionClock>,
    pub(crate) neighbours: Arc<WakeNeighbours>,
    pub(crate) holds: Arc<KnownHolds>,
    pub(crate) current_tags: Arc<CurrentTags>,
}

impl CarryOutEffects {
    async fn try_effect(&self, entry: &Entry, effect: &Effect) -> Tried {
        if matches!(effect, Effect::WriteTags | Effect::DeleteBlob) && self.blobs.as_of().is_some() {
            // An inventory is read-only. The archivist with access to the blobs carries these effects out.
            return Tried::Result(EffectResult::Failed { retry_after: None });
        }
        let done = match effect {
            Effect::WriteTags => match self.write_tags(entry).await {
                Ok(TagsTried::Done(done)) => Ok(done),
                Ok(TagsTried::Foreign | TagsTried::Moved) => return Tried::ForeignTags,
                Err(fault) => Err(fault),
            },
            Effect::Notify(notification) => self.outbox.hand_over(notification).await.map(|()| Done::HandedOver),
            Effect::Rejoin => self.neighbours.rejoin_recording(entry).await.map(|()| Done::Rejoined),
            Effect::DeleteBlob => self.delete_blob(entry).await,
            Effect::Hash => return Tried::Result(self.ask_for_hash(entry).await),
            Effect::Record(fact) => self.ledger_queue.record(fact).await.map(|()| Done::HandedOver),
        };
        count(effect, done.is_ok());
        if let Err(fault) = &done
            && !is_strange(fault)
        {
            tracing::warn!(recording = %entry.id, effect = ?effect.id(), %fault, "effect not carried out");
        }
        Tried::Result(result(done))
    }
}

/// Result of one attempt.
enum Tried {
    /// Result to save with the entry.
    Result(EffectResult),
    /// Another writer changed our tags. The entry must read them first.
    ForeignTags,
}

/// Counts an effect as a metric, without a log line.
pub(crate) fn count(effect: &Effect, is_done: bool) {
    let (what, event) = match effect {
        Effect::WriteTags => ("write_tags", ""),
        Effect::Notify(notification) => ("notify", notification.event.name()),
        Effect::Rejoin => ("rejoin", ""),
        Effect::DeleteBlob => ("delete_blob", ""),
        Effect::Hash => ("hash", ""),
        Effect::Record(_) => ("record", ""),
    };
    let result = if is_done { "done" } else { "failed" };
    tracing::event!(
        target: "metrics",
        tracing::Level::TRACE,
        {
            "counter.archivist.effects" = 1_u64,
            "archivist.effect" = what,
            "archivist.notification.type" = event,
            "archivist.outcome" = result
        }
    );
}

/// Converts the result of an attempt for the domain.
pub(crate) fn result(done: Result<Done, Fault>) -> EffectResult {
    done.map_or_else(
        |fault| match fault.kind {
            FaultKind::Transient { retry_after } => EffectResult::Failed { retry_after },
            FaultKind::Refused => EffectResult::Refused(fault.to_string()),
            FaultKind::Permanent => EffectResult::RefusedForGood(fault.to_string()),
        },
        EffectResult::Done,
    )
}
