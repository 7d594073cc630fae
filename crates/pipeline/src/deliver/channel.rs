//! Loads, updates and saves the state of a channel.

use std::sync::Arc;

use domain::decide::channel::ChannelState;
use domain::decide::context::Rules;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;

use crate::deliver::NotificationOutbox;
use crate::ports::{Channels, CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::save::save_with_retry;
use crate::stored::StoredError;
use crate::stored::channel::ChannelForm;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};
use crate::time::TimeSource;

/// Loads and updates the state of each channel.
pub struct ChannelStates {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) channels: Channels,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl ChannelStates {
    /// Returns the stored state of a channel, or the default if none is stored.
    pub(crate) async fn channel_state(&self, channel: &str) -> Result<ChannelState, Fault> {
        match self.checkpoints.get(&key(channel)).await? {
            Some(known) => Ok(self.right_state(read(channel, &known.doc)?)),
            None => Ok(ChannelState::default()),
        }
    }

    /// Updates the state of a channel. Costs one read if nothing changes. Returns an error if others keep changing the
    /// state.
    pub(super) async fn change_channel<T: Send>(
        &self,
        channel: &str,
        change: impl Fn(&mut ChannelState) -> T + Send + Sync,
    ) -> Result<T, Fault> {
        let change = &change;
        save_with_retry(
            || format!("save the state of channel {channel}"),
            || {
                Box::pin(async move {
                    let known = self.checkpoints.get(&key(channel)).await?;
                    let before =
                        known.as_ref().map_or(Ok(ChannelState::default()), |known| read(channel, &known.doc))?;
                    let mut state = self.right_state(before.clone());
                    let given = change(&mut state);
                    if state == before {
                        return Ok(Some(given));
                    }
                    let version = known.map(|known| known.version);
                    let doc = encode(&ChannelForm::from(&state))?;
                    Ok(self.checkpoints.save(&key(channel), version, &doc).await?.map(|_| given))
                })
            },
        )
        .await
    }

    /// Corrects times stored by a wrong clock.
    pub(super) fn right_state(&self, mut state: ChannelState) -> ChannelState {
        let (now, routing) = (self.time.now(), &self.rules.routing);
        state.set_right(now, |cause| match routing.route(cause).and_then(|route| route.digest.as_ref()) {
            Some(digest) => digest.next(now),
            // Upper limit for overflow and for a route without a digest: the longest period of any quota.
            None => {
                let longest = routing.quotas.values().map(|quota| quota.per).max();
                now.saturating_add(longest.unwrap_or_default()).unwrap_or(now)
            }
        });
        state
    }

    /// Stores the answer of a channel. If the answer disables the channel, the other channels are notified before the
    /// state is saved.
    pub(super) async fn take_answer(
        &self,
        channel: &str,
        answer: &ChannelAnswer,
        is_given_up: bool,
    ) -> Result<(), Fault> {
        let now = self.time.now();
        // Only a given-up delivery can disable a channel.
        if is_given_up {
            let mut foreseen = self.channel_state(channel).await?;
            if let Some(since) = foreseen.answered(answer, is_given_up, now) {
                let news = disabled(channel, &foreseen, since, now);
                self.outbox.hand_over_to(&news, |other| other != channel).await?;
            }
        }
        self.change_channel(channel, |state| state.answered(answer, is_given_up, now)).await.map(drop)
    }

    /// Enables a disabled channel, and notifies of it unless the channel is also off. Returns whether the channel was disabled.
    pub async fn enable_channel(&self, channel: &str) -> Result<bool, Fault> {
        let foreseen = self.channel_state(channel).await?;
        // A channel that is also off stays so until its setting is there.
        if foreseen.disabled.is_some() && foreseen.off.is_none() {
            self.outbox.hand_over(&enabled(channel, &foreseen, self.time.now())).await?;
        }
        self.change_channel(channel, |state| {
            let was_disabled = state.disabled.is_some();
            state.enable();
            was_disabled
        })
        .await
    }
}

/// Builds the notification that a channel is enabled again.
pub(super) fn enabled(channel: &str, state: &ChannelState, now: Timestamp) -> Notification {
    Notification {
        facts: vec![NotificationFact::text("channel", channel)],
        ..Notification::new(channel, Event::ChannelDisabledResolved, &state.disablings.to_string(), now)
    }
}

fn disabled(channel: &str, state: &ChannelState, since: Timestamp, now: Timestamp) -> Notification {
    let reason = state.disabled.as_ref().map(|(_, reason)| reason.as_str());
    Notification {
        facts: vec![
            NotificationFact::text("channel", channel),
            NotificationFact::text("reason", reason.unwrap_or_default()),
            NotificationFact::text("failing_since", domain::record::blob::whole_second(since).to_string()),
            NotificationFact::text("enable_with", format!("archivist notify enable {channel}")),
        ],
        ..Notification::new(channel, Event::ChannelDisabled, &state.disablings.to_string(), now)
    }
}

pub(super) fn read(channel: &str, doc: &str) -> Result<ChannelState, Fault> {
    let damaged = |source| {
        StoredError::Damaged { what: ChannelForm::WHAT, source }.fault(format!("read the state of channel {channel}"))
    };
    ChannelState::try_from(decode::<ChannelForm>(doc, AS_WRITTEN)?).map_err(damaged)
}

fn key(channel: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Channel, name: channel.to_owned() }
}
