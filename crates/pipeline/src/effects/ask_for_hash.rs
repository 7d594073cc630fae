//! Requests the hash of a final recording.

use domain::record::catalogue::Entry;
use domain::record::effect::EffectResult;
use jiff::SignedDuration;

use crate::effects::CarryOutEffects;
use crate::message::HashRequest;
use crate::ports::QueueName;

/// Delay before the hash is requested again.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

impl CarryOutEffects {
    /// Requests the hash of an entry's content. The effect stays pending until the hash is stored, so a lost message
    /// delays it by an hour.
    pub(crate) async fn ask_for_hash(&self, entry: &Entry) -> EffectResult {
        let request = HashRequest { recording: entry.id };
        if let Err(fault) = self.queue.send(QueueName::Hashes, &request.encode(), SignedDuration::ZERO).await {
            tracing::warn!(recording = %entry.id, %fault, "hash not requested");
        }
        EffectResult::Failed { retry_after: Some(ASK_AGAIN) }
    }
}
