//! Reads the facts for the checks of the archivist itself.

use domain::decide::posture::{ChannelFacts, MaybeKnown, OwnFacts, QueueFacts};
use jiff::Timestamp;

use super::gather::{each, known, read};
use crate::ports::{Fault, QueueName};
use crate::posture::CheckPosture;

/// Maximum number of quarantined inputs, and of dead-letter files, to count.
const COUNTED: usize = 1_000;

impl CheckPosture {
    pub(super) async fn own_facts(&self) -> OwnFacts {
        let posture = &self.watch.posture;
        let (poison, queues): (Vec<QueueName>, Vec<QueueName>) =
            QueueName::ALL.into_iter().partition(|queue| queue.poison().is_none());
        // The raw clock, not the corrected time for decisions.
        let ours = self.clock.now();
        let clock = known(posture.time().await).map(|theirs| (theirs, ours));
        let waiting = self.quarantine.since(Timestamp::MIN, COUNTED).await;
        let names: Vec<String> = self.channels.keys().cloned().collect();
        let channels = each(names.into_iter().map(async |name| {
            let state = read(self.channel_states.channel_state(&name).await);
            let off = self.channel_states.off(&name).map(str::to_owned);
            let facts = state.map(|state| ChannelFacts {
                off: state.off.map(|off| off.reason).or(off),
                disabled: state.disabled.map(|(_, reason)| reason),
                failing_since: state.failing_since,
                retired: self.channels.get(&name).and_then(|channel| channel.retired()),
            });
            (name, facts)
        }))
        .await;
        OwnFacts {
            queues: each(queues.into_iter().map(|queue| self.queue_facts(queue))).await,
            poison: each(poison.into_iter().map(|queue| self.queue_facts(queue))).await,
            dead_letters: known(posture.dead_letters(COUNTED).await),
            quarantine: read(waiting.map(|waiting| (waiting.len(), COUNTED))),
            ledger: read(self.ledger.segments().await.map(|segments| segments.len())),
            channels,
            clock,
            refused_configuration: self.refused.as_deref().map(str::to_owned),
            strange_stores: read(self.strange_stores().await),
            endpoints: known(posture.endpoints().await),
        }
    }

    async fn strange_stores(&self) -> Result<Vec<(String, String)>, Fault> {
        let strangers = self.stores.strangers().await?;
        Ok(strangers.iter().map(|stranger| (stranger.container.to_string(), stranger.reason())).collect())
    }

    async fn queue_facts(&self, queue: QueueName) -> QueueFacts {
        let name = queue.as_str().to_owned();
        match known(self.watch.posture.queue(queue).await) {
            MaybeKnown::Read((messages, oldest)) => {
                QueueFacts { name, messages: MaybeKnown::Read(messages), oldest: MaybeKnown::Read(oldest) }
            }
            MaybeKnown::NotReadable(why) => {
                QueueFacts { name, messages: MaybeKnown::unread(&*why), oldest: MaybeKnown::unread(why) }
            }
        }
    }
}
