//! Handles channels that are off until the app settings change, and sends their kept notifications afterwards.

use domain::decide::channel::ChannelState;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::Timestamp;

use super::channel::enabled;
use crate::deliver::ChannelStates;
use crate::ports::Fault;

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

    /// Turns a channel on once no other process can still be keeping a notification for it. Notifies before the state is
    /// saved.
    pub(super) async fn turn_on(&self, channel: &str) -> Result<(), Fault> {
        let now = self.time.now();
        let mut foreseen = self.channel_state(channel).await?;
        let was_off = foreseen.off.is_some();
        foreseen.turn_on(now);
        // A channel that is also disabled stays so until a person enables it.
        if was_off && foreseen.off.is_none() && foreseen.disabled.is_none() {
            self.outbox.hand_over(&enabled(channel, &foreseen, now)).await?;
        }
        self.change_channel(channel, |state| state.turn_on(now)).await
    }
}

fn turned_off(channel: &str, state: &ChannelState, reason: &str, now: Timestamp) -> Notification {
    Notification {
        facts: vec![
            NotificationFact::text("channel", channel),
            NotificationFact::text("reason", format!("off: {reason}")),
            NotificationFact::text("failing_since", domain::record::blob::whole_second(now).to_string()),
            NotificationFact::text("enable_with", "a start with that app setting; missed notifications are then sent"),
        ],
        ..Notification::new(channel, Event::ChannelDisabled, &state.disablings.to_string(), now)
    }
}
