//! Handles channels that are off until the app settings change, and sends their kept notifications afterwards.

use crate::deliver::{ChannelStates, DeliverNotification, NotificationOutbox};
use crate::time::TimeSource;
use domain::channel::{ChannelState, KEPT};
use domain::delivery::Delivery;
use domain::notification::{Event, Fact, Notification, NotificationId};
use jiff::Timestamp;
use std::sync::Arc;

use super::RACES;
use crate::message::Attempt;
use crate::ports::{Channels, Checkpoints, Fault, GivenUp, Notifications};
use crate::replay::Taken;

/// Notifications per page.
const PAGE: usize = 100;

impl ChannelStates {
    /// Returns the reason a channel is off, or `None` if the channel is on or unknown.
    pub fn off(&self, channel: &str) -> Option<&str> {
        self.channels.get(channel).and_then(|channel| channel.off())
    }

    /// Marks a channel as off when a notification is kept for it. The other channels are notified before the state is
    /// saved.
    pub(super) async fn keep_off(&self, channel: &str, reason: &str) -> Result<(), Fault> {
        let now = self.time.now();
        let mut foreseen = self.channel_state(channel).await?;
        if foreseen.off.is_none() {
            foreseen.keep_off(reason, now);
            self.outbox.hand_over_to(&turned_off(channel, &foreseen, reason, now), |other| other != channel).await?;
        }
        self.change_channel(channel, |state| state.keep_off(reason, now)).await
    }
}

/// Queues deliveries again whose message was lost, or whose channel is on again.
#[derive(Clone)]
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
        let (mut begun, mut after) = (0, None::<GivenUp>);
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
        let now = self.time.now();
        self.channel_states.change_channel(channel, |state| state.turn_on(now)).await?;
        tracing::info!(channel, begun, "channel is on again, what was kept for it is sent");
        Ok(begun)
    }

    /// Resets a given-up delivery to its first attempt and queues that. If the message is lost, a sweep detects the
    /// forgotten delivery. Returns an error if others keep changing it.
    pub(crate) async fn begin_again(&self, attempt: &Attempt) -> Result<Taken, Fault> {
        let now = self.time.now();
        for _ in 0..RACES {
            let Some(before) = self.notifications.get(&attempt.notification).await? else {
                return Ok(Taken::Refused("no such notification is kept".to_owned()));
            };
            if !matches!(before.record.deliveries.get(&attempt.channel), Some(Delivery::GivenUp { .. })) {
                // Another process restarted it first.
                return Ok(Taken::Ignored("no_longer_given_up"));
            }
            if self.delivery.save_delivery(before, attempt, Delivery::new(now)).await?.is_some() {
                if let Err(fault) = self.outbox.queue_attempt(attempt, now).await {
                    tracing::warn!(notification = attempt.notification.as_str(), %fault, "attempt not queued, a sweep does it");
                }
                return Ok(Taken::Queued);
            }
        }
        let object = format!("begin the delivery of {} again", attempt.notification.as_str());
        Err(Fault::transient(object, "others kept changing it at the same time"))
    }
}

fn turned_off(channel: &str, state: &ChannelState, reason: &str, now: Timestamp) -> Notification {
    let event = Event::ChannelDisabled;
    Notification {
        id: NotificationId::derive(channel, event, &state.disablings.to_string()),
        event,
        at: domain::blob::whole_second(now),
        subject: channel.to_owned(),
        facts: vec![
            Fact::text("channel", channel),
            Fact::text("reason", format!("off: {reason}")),
            Fact::text("failing_since", domain::blob::whole_second(now).to_string()),
            Fact::text("enable_with", "a start with that app setting; what it missed is then sent"),
        ],
        link: None,
    }
}
