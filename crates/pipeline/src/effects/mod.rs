//! Carries out one pending effect of an entry.

mod ask_for_hash;
mod caller;
mod current_tags;
mod delete;
mod write_tags;

pub use current_tags::CurrentTags;

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::record::catalogue::Entry;
use domain::record::effect::{Effect, EffectOutcome, EffectResult};

use self::write_tags::TagsTried;
use crate::deletion_clock::DeletionClock;
use crate::deliver::NotificationOutbox;
use crate::hold::KnownHolds;
use crate::join::WakeNeighbours;
use crate::ports::{BlobStore, Catalogue, Checkpoints, Fault, FaultKind, Queue};
use crate::record::AppendLedger;
use crate::stores::is_strange;
use crate::time::TimeSource;

/// Carries out one pending effect of an entry.
pub struct CarryOutEffects {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
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
    pub(crate) async fn try_effect(&self, entry: &Entry, effect: &Effect) -> Tried {
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
            Effect::Notify(notification) => {
                let notification = self.with_caller(entry, notification).await;
                self.outbox.hand_over(&notification).await.map(|()| EffectOutcome::HandedOver)
            }
            Effect::Rejoin => self.neighbours.rejoin_recording(entry).await.map(|()| EffectOutcome::Rejoined),
            Effect::DeleteBlob => self.delete_blob(entry).await,
            Effect::Hash => return Tried::Result(self.ask_for_hash(entry).await),
            Effect::Record(fact) => self.ledger_queue.record(fact).await.map(|()| EffectOutcome::HandedOver),
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
pub(crate) enum Tried {
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
pub(crate) fn result(done: Result<EffectOutcome, Fault>) -> EffectResult {
    done.map_or_else(
        |fault| match fault.kind {
            FaultKind::Transient { retry_after } => EffectResult::Failed { retry_after },
            FaultKind::Refused => EffectResult::Refused(fault.to_string()),
            FaultKind::Permanent => EffectResult::RefusedForGood(fault.to_string()),
        },
        EffectResult::Done,
    )
}
