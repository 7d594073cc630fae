//! Queues deliveries again whose message was lost, or whose channel is on again.

use std::sync::Arc;

use domain::decide::channel::KEPT;
use domain::record::delivery::{Delivery, FORGOTTEN_AFTER};
use domain::record::notification_digest::NotificationDigest;
use jiff::Timestamp;

use super::{ChannelStates, DeliverNotification, NotificationOutbox};
use crate::body::FrozenData;
use crate::message::Attempt;
use crate::outcome::ReplayResult;
use crate::ports::{Channels, CheckpointKind, Checkpoints, Fault, GivenUpPosition, NotificationRecord, Notifications};
use crate::save::save_with_retry;
use crate::time::TimeSource;

/// Notifications per page.
const PAGE: usize = 100;

/// Maximum number of forgotten notifications per sweep.
const FORGOTTEN_AT_ONCE: usize = 200;

/// Channels per page.
const CHANNELS: usize = 100;

/// Queues deliveries again whose message was lost, or whose channel is on again.
pub struct RecoverDeliveries {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) channels: Channels,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) channel_states: Arc<ChannelStates>,
    pub(crate) delivery: Arc<DeliverNotification>,
}

impl RecoverDeliveries {
    /// Queues deliveries with a lost message again. Returns how many.
    pub(crate) async fn recall_forgotten(&self) -> Result<usize, Fault> {
        let now = self.time.now();
        let resumed = self.look_after_channels().await?;
        let gatherings = self.recall_digests(now.saturating_sub(FORGOTTEN_AFTER).unwrap_or(now)).await?;
        Ok(resumed + gatherings + self.recall(now).await?)
    }

    /// Queues deliveries postponed by a wrong clock again. Checks only the first waiting ones.
    pub(crate) async fn recall_put_off(&self) -> Result<(), Fault> {
        self.recall(Timestamp::MAX).await.map(drop)
    }

    /// Queues the forgotten deliveries again among those due for a sweep until this time.
    async fn recall(&self, until: Timestamp) -> Result<usize, Fault> {
        let (now, mut recalled) = (self.time.now(), 0);
        for before in self.notifications.forgotten(until, FORGOTTEN_AT_ONCE).await? {
            let mut record = before.record.clone();
            let mut attempts = Vec::new();
            for (channel, delivery) in &mut record.deliveries {
                let is_forgotten = delivery.is_forgotten(now);
                if let Some((attempt, _)) = delivery.next_attempt().filter(|_| is_forgotten)
                    && let Some(anew) = delivery.recalled(now)
                {
                    *delivery = anew;
                    attempts.push(Attempt { notification: record.id.clone(), channel: channel.clone(), attempt });
                }
            }
            if !attempts.is_empty() && self.notifications.save(&before, &record).await?.is_some() {
                for attempt in &attempts {
                    self.outbox.queue_attempt(attempt, now).await?;
                }
                recalled += attempts.len();
            }
        }
        Ok(recalled)
    }

    /// Queues lost messages of digests again. Returns how many.
    pub(super) async fn recall_digests(&self, forgotten: Timestamp) -> Result<usize, Fault> {
        let (mut recalled, mut last) = (0, None::<String>);
        loop {
            let page = self.checkpoints.list(CheckpointKind::Channel, last.as_deref(), CHANNELS).await?;
            for (channel, known) in &page {
                let state = match super::channel::read(channel, &known.doc) {
                    Ok(state) => state,
                    // An unreadable channel state must not block the other channels.
                    Err(fault) => {
                        tracing::error!(%fault, "channel skipped");
                        continue;
                    }
                };
                let right = self.channel_states.right_state(state.clone());
                let moved =
                    right.open_digests.iter().zip(&state.open_digests).filter(|(right, was)| right.1.due != was.1.due);
                let moved: Vec<&NotificationDigest> = moved.map(|(right, _)| &right.1).collect();
                if !moved.is_empty() {
                    // A wrong clock had postponed these digests.
                    self.channel_states.change_channel(channel, |_| ()).await?;
                }
                for gathering in moved {
                    let digest = NotificationDigest::id(channel, gathering.number);
                    self.outbox.queue_attempt(&Attempt::first(&digest, channel), gathering.due).await?;
                }
                for (_, gathering) in state.open_digests.iter().filter(|(_, gathering)| gathering.due <= forgotten) {
                    let digest = NotificationDigest::id(channel, gathering.number);
                    if self.notifications.get(&digest).await?.is_some() {
                        // A crash happened after the digest was written as a notification and before it was removed
                        // here.
                        self.channel_states
                            .change_channel(channel, |state| state.digest_sent(gathering.number))
                            .await?;
                        continue;
                    }
                    self.outbox.queue_attempt(&Attempt::first(&digest, channel), gathering.due).await?;
                    recalled += 1;
                }
            }
            last = page.last().map(|(name, _)| name.clone());
            if page.len() < CHANNELS {
                return Ok(recalled);
            }
        }
    }

    /// Announces channels that are off, and restarts kept deliveries of channels that are on again. Returns the number
    /// of restarted deliveries. Costs one read per channel.
    pub(crate) async fn look_after_channels(&self) -> Result<usize, Fault> {
        let mut begun = 0;
        for (channel, port) in self.channels.iter() {
            let state = self.channel_states.channel_state(channel).await?;
            match (port.off(), &state.off) {
                (Some(reason), None) => {
                    tracing::error!(channel, reason, "channel is off");
                    self.channel_states.keep_off(channel, reason).await?;
                }
                (None, Some(off)) => begun += self.send_kept(channel, off.since).await?,
                _ => {}
            }
        }
        Ok(begun)
    }

    /// Restarts every delivery kept for a channel. After a crash, the next pass restarts the rest.
    async fn send_kept(&self, channel: &str, since: Timestamp) -> Result<usize, Fault> {
        let (mut begun, mut after) = (0, None::<GivenUpPosition>);
        loop {
            let page = self.notifications.given_up(since, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.record.given_up_at().map(|at| (at, last.record.id.clone()));
            for stored in &page {
                let delivery = stored.record.deliveries.get(channel);
                if matches!(delivery, Some(Delivery::GivenUp { reason, .. }) if reason.starts_with(KEPT)) {
                    self.begin_again(&Attempt::first(&stored.record.id, channel)).await?;
                    begun += 1;
                }
            }
        }
        self.channel_states.turn_on(channel).await?;
        tracing::info!(channel, begun, "channel is on again, its kept notifications are sent");
        Ok(begun)
    }

    /// Returns true if the notification began a trouble that has ended since.
    pub(crate) async fn is_over(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        let key = FrozenData::parse(&record.body).and_then(|data| data.key());
        let Some(key) = key.filter(|_| record.event.resolved_by().is_some()) else {
            return Ok(false);
        };
        // A begin is stored after its trouble is opened, so only an end closes it.
        Ok(self.outbox.open_trouble(&key).await?.is_none())
    }

    /// Resets a given-up delivery to its first attempt and queues that. If the message is lost, a sweep detects the
    /// forgotten delivery. Returns an error if others keep changing it.
    pub(crate) async fn begin_again(&self, attempt: &Attempt) -> Result<ReplayResult, Fault> {
        save_with_retry(
            || format!("begin the delivery of {} again", attempt.notification.as_str()),
            || Box::pin(self.try_begin_again(attempt)),
        )
        .await
    }

    async fn try_begin_again(&self, attempt: &Attempt) -> Result<Option<ReplayResult>, Fault> {
        let now = self.time.now();
        let Some(before) = self.notifications.get(&attempt.notification).await? else {
            return Ok(Some(ReplayResult::Refused("no such notification is kept".to_owned())));
        };
        if !matches!(before.record.deliveries.get(&attempt.channel), Some(Delivery::GivenUp { .. })) {
            // Another process restarted it first.
            return Ok(Some(ReplayResult::Ignored("no_longer_given_up")));
        }
        if self.delivery.save_delivery(before, attempt, Delivery::new(now)).await?.is_none() {
            return Ok(None);
        }
        if let Err(fault) = self.outbox.queue_attempt(attempt, now).await {
            tracing::warn!(notification = attempt.notification.as_str(), %fault, "attempt not queued, a sweep does it");
        }
        Ok(Some(ReplayResult::Queued))
    }
}
