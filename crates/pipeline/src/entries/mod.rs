//! Decides about the entries of a blob name, saves the decision, and carries out its effects.

mod carry_out;
mod look_at_tags;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::address::BlobAddress;
use domain::blob::{BlobEvent, BlobObservation};
use domain::catalogue::{Context, EffectId, Entry, EntryCommand, Input, Pending, decide};
use domain::estate::{BastionName, Estate};
use domain::hold::Hold;
use domain::join::Neighbourhood;
use domain::recording_id::RecordingId;
use jiff::{SignedDuration, Timestamp};

use crate::calibration::Calibrations;
use crate::decisions::Decisions;
use crate::deletion_clock::DeletionClock;
use crate::effects::CarryOutEffects;
use crate::hold::KnownHolds;
use crate::join::ReadNeighbourhood;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{BlobStore, Catalogue, Due, Fault, Loaded};
use crate::reconcile::DetectLosses;
use crate::save::save;
use crate::stores::is_strange;
use crate::time::TimeSource;

/// Attempts per lost race; after that, the platform redelivers the event.
const RACES: usize = 8;

/// Delay before the next read of a blob in a different store: an operator has to act first.
const STRANGE_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Decides about the entries of a blob name, saves them, and carries out their effects.
pub struct UpdateEntries {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) deletion_clock: Arc<DeletionClock>,
    pub(crate) losses: Arc<DetectLosses>,
    pub(crate) calibrations: Arc<Calibrations>,
    pub(crate) neighbourhoods: Arc<ReadNeighbourhood>,
    pub(crate) holds: Arc<KnownHolds>,
    pub(crate) effects: Arc<CarryOutEffects>,
}

impl UpdateEntries {
    /// Re-evaluates a loaded name, with or without an event: decides, saves, and carries out effects.
    pub(crate) async fn reconsider(
        &self,
        loaded: Loaded,
        bastion: &BastionName,
        heard: Option<&BlobEvent>,
    ) -> Result<Outcome, Fault> {
        let changed = self.decide_on(loaded, bastion, heard, None).await?;
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
        heard: Option<&BlobEvent>,
        command: Option<(RecordingId, EntryCommand)>,
    ) -> Result<Vec<Entry>, Fault> {
        let address = loaded.lives.address.clone();
        let writes = self.calibrations.writes(bastion, self.time.now()).await?;
        for _ in 0..RACES {
            // Read the blob after the load: a successful save then rests on a later observation than all saves before
            // it.
            let Seen { reading, not_before } = self.look(&address).await;
            let now = self.time.now();
            let context = Context { writes, ..self.decisions.context(now, bastion) };
            let mut input = Input::of(heard.cloned(), reading);
            let mut changed = decide(&loaded.lives, &input, &context);
            input.near = self.near(&loaded, &changed, now).await;
            let holds = self.holds_over(&loaded, &changed, command.is_some()).await?;
            let is_blind = matches!(holds, HoldsOver::NotRead);
            input.holds = holds.read();
            input.command.clone_from(&command);
            if !input.near.is_empty() || input.holds.is_some() {
                changed = decide(&loaded.lives, &input, &context);
            }
            for entry in &mut changed {
                let before = loaded.lives.entry(entry.id).map(|before| before.pending.as_slice());
                self.decisions.suppress_notifications(before.unwrap_or_default(), &mut entry.pending);
                self.losses.summarise_losses(before.unwrap_or_default(), entry).await;
                if is_blind && is_holdable(entry) {
                    entry.wake_at = entry.wake_at.min(Some(now)).or(Some(now));
                }
                entry.wake_at = entry.wake_at.map(|at| at.max(now.saturating_add(not_before).unwrap_or(now)));
            }
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

    /// Returns the neighbourhoods of the entries in need of a session. A failure must not lose the event: a sweep
    /// retries.
    async fn near(&self, loaded: &Loaded, changed: &[Entry], now: Timestamp) -> BTreeMap<RecordingId, Neighbourhood> {
        let as_they_were =
            loaded.lives.entries.iter().filter(|entry| changed.iter().all(|changed| changed.id != entry.id));
        let mut near = BTreeMap::new();
        for entry in changed.iter().chain(as_they_were).filter(|entry| entry.wants_session(now)) {
            let Some(recorded) = entry.recorded().filter(|_| self.estate.reads_log_of(&entry.bastion)) else {
                continue;
            };
            match self.neighbourhoods.near_recording(entry, &recorded).await {
                Ok(found) => drop(near.insert(entry.id, found)),
                Err(fault) => {
                    tracing::warn!(recording = %entry.id, %fault, "session not searched, a sweep does it");
                }
            }
        }
        near
    }

    /// Reads all legal holds if any entry is final, because only final recordings can be held. On a failure without a
    /// command, a sweep retries; with a command, the error is returned.
    async fn holds_over(&self, loaded: &Loaded, changed: &[Entry], is_wanted: bool) -> Result<HoldsOver, Fault> {
        if !is_wanted && !loaded.lives.entries.iter().chain(changed).any(is_holdable) {
            return Ok(HoldsOver::Nothing);
        }
        match self.holds.holds().await {
            Ok(holds) => Ok(HoldsOver::Read(holds)),
            Err(fault) if is_wanted => Err(fault),
            Err(fault) => {
                tracing::warn!(blob = %loaded.lives.address, %fault, "legal holds not read, a sweep retries");
                Ok(HoldsOver::NotRead)
            }
        }
    }

    /// Reads the blob's properties. A failure must not lose the event: a sweep retries.
    async fn look(&self, address: &BlobAddress) -> Seen {
        match self.blobs.properties(address).await {
            Ok(Some(properties)) => Seen::at_any_time(BlobObservation::Present(properties)),
            Ok(None) => Seen::at_any_time(BlobObservation::Gone),
            Err(fault) if is_strange(&fault) => Seen { reading: BlobObservation::NotRead, not_before: STRANGE_AGAIN },
            Err(fault) => {
                tracing::warn!(blob = %address, %fault, "blob not read, a sweep retries");
                Seen::at_any_time(BlobObservation::NotRead)
            }
        }
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

/// Observation of a blob.
struct Seen {
    reading: BlobObservation,
    /// Minimum delay before the next observation.
    not_before: SignedDuration,
}

impl Seen {
    fn at_any_time(reading: BlobObservation) -> Self {
        Self { reading, not_before: SignedDuration::MIN }
    }
}

/// Legal holds for a blob name.
enum HoldsOver {
    /// No entry can be held.
    Nothing,
    Read(Vec<Hold>),
    /// The read failed.
    NotRead,
}

impl HoldsOver {
    fn read(self) -> Option<Vec<Hold>> {
        match self {
            Self::Read(holds) => Some(holds),
            Self::Nothing | Self::NotRead => None,
        }
    }
}

/// Returns true if a hold can cover the entry.
fn is_holdable(entry: &Entry) -> bool {
    entry.final_at.is_some() && entry.state.is_there()
}

/// Returns the selected effects of a name's entries.
fn effects(loaded: &Loaded, which: impl Fn(&Pending) -> bool) -> Vec<(RecordingId, EffectId)> {
    let of = |entry: &Entry| {
        let wanted = entry.pending.iter().filter(|pending| which(pending));
        wanted.map(|pending| (entry.id, pending.effect.id())).collect::<Vec<_>>()
    };
    loaded.lives.entries.iter().flat_map(of).collect()
}
