//! Decides about the entries of a blob name, saves the decision, and carries out its effects.

mod carry_out;
mod look_at_tags;
mod reads;

use std::sync::Arc;

use domain::decide::catalogue::{Decision, EntryCommand, Input, decide};
use domain::decide::context::Context;
use domain::record::blob::BlobEvent;
use domain::record::catalogue::Entry;
use domain::record::effect::{EffectId, Pending};
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;

use crate::calibration::Calibrations;
use crate::decisions::Decisions;
use crate::deletion_clock::DeletionClock;
use crate::effects::CarryOutEffects;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{BlobStore, Catalogue, Due, Fault, Loaded};
use crate::save::save;
use crate::time::TimeSource;

pub use reads::ReadForDecision;

/// Attempts per lost race; after that, the platform redelivers the event.
const RACES: usize = 8;

/// Decides about the entries of a blob name, saves them, and carries out their effects.
pub struct UpdateEntries {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) deletion_clock: Arc<DeletionClock>,
    pub(crate) calibrations: Arc<Calibrations>,
    pub(crate) reads: Arc<ReadForDecision>,
    pub(crate) effects: Arc<CarryOutEffects>,
}

impl UpdateEntries {
    /// Re-evaluates a loaded name, with or without an event: decides, saves, and carries out effects.
    pub(crate) async fn reconsider(
        &self,
        loaded: Loaded,
        bastion: &BastionName,
        received: Option<&BlobEvent>,
    ) -> Result<Outcome, Fault> {
        let changed = self.decide_on(loaded, bastion, received, None).await?;
        Ok(if changed.is_empty() {
            Outcome::Ignored(Ignored::AlreadyKnown)
        } else {
            Outcome::Applied
        })
    }

    /// Applies `command` to one entry of a loaded name, as far as the entry allows it. Returns the saved entry, or
    /// `None` if nothing changed.
    pub(crate) async fn command(
        &self,
        loaded: Loaded,
        bastion: &BastionName,
        command: (RecordingId, EntryCommand),
    ) -> Result<Option<Entry>, Fault> {
        let id = command.0;
        if matches!(
            command.1,
            EntryCommand::Mark | EntryCommand::Approve { .. } | EntryCommand::Dispose | EntryCommand::DisposeApproved
        ) {
            self.deletion_clock.trusted_now().await?;
        }
        let changed = self.decide_on(loaded, bastion, None, Some(command)).await?;
        Ok(changed.into_iter().find(|entry| entry.id == id))
    }

    /// Decides, saves and carries out effects. Returns the changed entries as saved, or an error if others keep
    /// changing them.
    async fn decide_on(
        &self,
        mut loaded: Loaded,
        bastion: &BastionName,
        received: Option<&BlobEvent>,
        command: Option<(RecordingId, EntryCommand)>,
    ) -> Result<Vec<Entry>, Fault> {
        let address = loaded.lives.address.clone();
        let writes = self.calibrations.writes(bastion, self.time.now()).await?;
        for _ in 0..RACES {
            // Read the blob after the load: a successful save then rests on a later observation than all saves before
            // it.
            let seen = self.reads.look(&address).await;
            let now = self.time.now();
            let context = Context { writes, ..self.decisions.context(now, bastion) };
            let look_again_at = seen.not_before.and_then(|wait| now.saturating_add(wait).ok());
            let mut input =
                Input { command: command.clone(), look_again_at, ..Input::new(received.cloned(), seen.reading) };
            let changed = loop {
                match decide(&loaded.lives, &input, &context) {
                    Decision::Changed(changed) => break changed,
                    Decision::Needs(needs) => self.reads.answer(needs, &mut input, &address, bastion).await?,
                }
            };
            // Effects pending before belong to another process until their retry time.
            let pending = effects(&loaded, |_| true);
            let Some(saved) = save(&*self.catalogue, loaded, &changed).await? else {
                loaded = self.catalogue.lives(&address).await?;
                continue;
            };
            let overdue = effects(&saved, |pending| pending.retry_at <= now);
            let mut due = effects(&saved, |_| true);
            due.retain(|effect| overdue.contains(effect) || !pending.contains(effect));
            self.carry_out(saved, due).await;
            return Ok(changed);
        }
        Err(Fault::transient(format!("save changes of {address}"), "others kept changing it at the same time"))
    }

    pub(crate) async fn revisit(&self, due: Due) -> Result<Outcome, Fault> {
        let Some(loaded) = self.catalogue.lives_of(due.id).await? else {
            return Ok(Outcome::Applied);
        };
        let Some(bastion) = loaded.lives.entry(due.id).map(|entry| entry.bastion.clone()) else {
            return Ok(Outcome::Applied);
        };
        self.reconsider(loaded, &bastion, None).await
    }
}

/// Returns the selected effects of a name's entries.
fn effects(loaded: &Loaded, which: impl Fn(&Pending) -> bool) -> Vec<(RecordingId, EffectId)> {
    let of = |entry: &Entry| {
        let wanted = entry.pending.iter().filter(|pending| which(pending));
        wanted.map(|pending| (entry.id, pending.effect.id())).collect::<Vec<_>>()
    };
    loaded.lives.entries.iter().flat_map(of).collect()
}
