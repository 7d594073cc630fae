//! Carries out pending effects one by one and saves each result with its entry.

use domain::record::catalogue::Entry;
use domain::record::effect::{EffectId, EffectResult, notified_before};
use domain::record::recording_id::RecordingId;

use crate::effects::Tried;
use crate::entries::UpdateEntries;
use crate::ports::{Fault, Loaded};
use crate::save::save;

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
            let Some(entry) = saved.lives.entry(id) else {
                continue;
            };
            let Some(pending) = entry.pending(&effect) else {
                continue;
            };
            let is_notified = |earlier: EffectId| {
                results.iter().any(|(of, effect, result)| {
                    *of == id && *effect == earlier && matches!(result, EffectResult::Done(_))
                })
            };
            if !notified_before(&entry.pending, &effect).all(is_notified) {
                results.push((id, effect, EffectResult::Failed { retry_after: None }));
                continue;
            }
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
                tracing::warn!(recording = %id, %fault, "changed tags not applied, a sweep does it");
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
