//! Makes one attempt to deliver one notification to one channel.

mod channel;
mod gather;
mod look;
mod off;
mod open_trouble;
mod outbox;
mod recover;
mod trouble;
mod under_way;
pub use channel::ChannelStates;
pub use look::InspectChannels;
pub use outbox::NotificationOutbox;
pub use recover::RecoverDeliveries;
pub use trouble::ChannelTrouble;
pub(crate) use trouble::channel_troubles;

use std::sync::Arc;

use domain::decide::channel::{Admission, KEPT, NO_ROOM};
use domain::decide::context::Rules;
use domain::digest;
use domain::record::delivery::{AttemptClaim, ChannelAnswer, Delivery};
use domain::record::notification::Event;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::message::Attempt;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{ChannelMessage, Channels, Fault, Notifications, Stored};
use crate::time::TimeSource;

pub(crate) use under_way::UnderWay;

/// Attempts per lost race.
const RACES: usize = 8;
/// Delay if the process has no free slot for the channel.
const SOON: SignedDuration = SignedDuration::from_secs(2);

/// Makes one attempt to deliver one notification to one channel.
pub struct DeliverNotification {
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) channels: Channels,
    pub(crate) under_way: UnderWay,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
    pub(crate) channel_states: Arc<ChannelStates>,
}

impl DeliverNotification {
    /// Makes a delivery attempt, unless it was made, is being made, or must wait. Notifications beyond the channel's
    /// routes or quota join a digest.
    ///
    /// A failed delivery is no error of this call: the next attempt is queued, or the notification is given up. Returns
    /// a permanent error if the notification is unknown.
    pub fn deliver<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            for _ in 0..RACES {
                let Some(stored) = self.notifications.get(&attempt.notification).await? else {
                    match self.write_digest(attempt).await? {
                        Some(true) => continue,
                        Some(false) => return Ok(Outcome::Ignored(Ignored::AttemptNotDue)),
                        None => return Err(not_kept(attempt)),
                    }
                };
                let Some(delivery) = stored.record.deliveries.get(&attempt.channel) else {
                    return Ok(Outcome::Ignored(Ignored::ChannelNotConfigured));
                };
                if let Delivery::Gathering { route, .. } = delivery {
                    let route = route.clone();
                    return self.gather_by(stored, attempt, &route).await;
                }
                match delivery.claim(attempt.attempt, self.time.now()) {
                    AttemptClaim::Superseded | AttemptClaim::NotBefore(_) => {
                        // A duplicate message arrived late or early. The following attempt may never have been queued.
                        self.queue_what_follows(attempt, delivery).await?;
                        return Ok(Outcome::Ignored(Ignored::AttemptNotDue));
                    }
                    AttemptClaim::Granted(claimed) => {
                        if let Some(at) = self.begins_at(&stored, attempt).await? {
                            let waiting = Delivery::Waiting { attempt: attempt.attempt, at };
                            match self.end(stored, attempt, waiting).await? {
                                Some(outcome) => return Ok(outcome),
                                None => continue,
                            }
                        }
                        // A notification the channel may have accepted already is sent again under its own id, never
                        // within a digest.
                        let is_first = attempt.attempt == 1 && matches!(delivery, Delivery::Waiting { .. });
                        let must_go = !is_first || stored.record.event == Event::ChannelDigest;
                        if let Some(outcome) = self.go(stored, attempt, claimed, must_go).await? {
                            return Ok(outcome);
                        }
                    }
                }
            }
            Err(contested(attempt))
        })
    }

    /// Returns the time after the next attempt of the notification that the channel must receive first. `None` if it
    /// needs none any more.
    async fn begins_at(&self, stored: &Stored, attempt: &Attempt) -> Result<Option<Timestamp>, Fault> {
        let Some(first) = &stored.record.after else { return Ok(None) };
        let Some(first) = self.notifications.get(first).await? else { return Ok(None) };
        let next = first.record.deliveries.get(&attempt.channel).and_then(Delivery::next_attempt);
        Ok(next.map(|(_, at)| at.max(self.time.now()).saturating_add(SOON).unwrap_or(at)))
    }

    /// Acts on the admission of the channel. Returns `None` after a lost race.
    async fn go(
        &self,
        stored: Stored,
        attempt: &Attempt,
        claimed: Delivery,
        must_go: bool,
    ) -> Result<Option<Outcome>, Fault> {
        let (now, channel) = (self.time.now(), attempt.channel.as_str());
        if let Some(reason) = self.channel_states.off(channel) {
            self.channel_states.keep_off(channel, reason).await?;
            let kept = Delivery::GivenUp { at: now, attempts: attempt.attempt - 1, reason: format!("{KEPT}{reason}") };
            return self.end(stored, attempt, kept).await;
        }
        let Some(_passage) = self.under_way.begin(channel) else {
            // The delivery is not claimed yet, so the same attempt is queued again.
            let soon = now.saturating_add(SOON * (100 + spread(attempt)) / 100).unwrap_or(now);
            self.outbox.queue_attempt(attempt, soon).await?;
            return Ok(Some(Outcome::Ignored(Ignored::AttemptNotDue)));
        };
        let quota = self.rules.routing.quotas.get(channel);
        let (admission, is_troubled) = self
            .channel_states
            .change_channel(channel, |state| {
                let is_troubled = state.failing_since.is_some() || state.rests_until.is_some();
                (state.admit(quota, must_go, now), is_troubled)
            })
            .await?;
        match admission {
            Admission::Now => match self.save_delivery(stored, attempt, claimed).await? {
                Some(stored) => self.attempt(stored, attempt, is_troubled).await.map(Some),
                None => Ok(None),
            },
            Admission::NoRoom(until) => {
                let gathering = Delivery::Gathering { route: NO_ROOM.to_owned(), at: now };
                match self.save_delivery(stored, attempt, gathering).await? {
                    Some(stored) => self.gather(stored, attempt, NO_ROOM, until).await.map(Some),
                    None => Ok(None),
                }
            }
            Admission::Resting => {
                let put_off = Delivery::put_off(attempt.attempt, now, spread(attempt));
                let put_off = if is_retried_until_accepted(stored.record.event) {
                    put_off.kept_up(attempt.attempt, now, spread(attempt))
                } else {
                    put_off
                };
                self.end(stored, attempt, put_off).await
            }
            Admission::Disabled(reason) => {
                let reason = format!("disabled: {reason}");
                let given_up = Delivery::GivenUp { at: now, attempts: attempt.attempt - 1, reason };
                self.end(stored, attempt, given_up).await
            }
        }
    }

    /// Saves the result of an attempt without a send, and queues the next attempt. Returns `None` after a lost race.
    async fn end(&self, stored: Stored, attempt: &Attempt, delivery: Delivery) -> Result<Option<Outcome>, Fault> {
        if self.save_delivery(stored, attempt, delivery.clone()).await?.is_none() {
            return Ok(None);
        }
        self.queue_what_follows(attempt, &delivery).await?;
        Ok(Some(Outcome::Applied))
    }

    /// Queues the next attempt unless the delivery has ended. Returns whether one was queued.
    pub(crate) async fn queue_what_follows(&self, attempt: &Attempt, delivery: &Delivery) -> Result<bool, Fault> {
        let Some((next, at)) = delivery.next_attempt().filter(|(next, _)| *next >= attempt.attempt) else {
            return Ok(false);
        };
        self.outbox.queue_attempt(&Attempt { attempt: next, ..attempt.clone() }, at).await?;
        Ok(true)
    }

    async fn attempt(&self, mut stored: Stored, attempt: &Attempt, is_troubled: bool) -> Result<Outcome, Fault> {
        let claimed = stored.record.deliveries.get(&attempt.channel).cloned();
        let answer = match self.channels.get(&attempt.channel) {
            None => ChannelAnswer::Refused { reason: "channel is not configured".into() },
            Some(channel) => {
                let record = &stored.record;
                let sent_at = self.time.now();
                let (id, event, body) = (&record.id, record.event, &record.body);
                channel.send(&ChannelMessage { id, event, body, sent_at, traceparent: None }).await
            }
        };
        tracing::info!(
            notification = attempt.notification.as_str(),
            channel = attempt.channel,
            attempt = attempt.attempt,
            answer = label(&answer),
            "delivery attempted"
        );
        let now = self.time.now();
        let mut delivery = Delivery::after(attempt.attempt, answer.clone(), now, spread(attempt));
        let is_given_up = matches!(delivery, Delivery::GivenUp { .. });
        if is_retried_until_accepted(stored.record.event) && matches!(answer, ChannelAnswer::TryLater { .. }) {
            delivery = delivery.kept_up(attempt.attempt, now, spread(attempt));
        }
        for _ in 0..RACES {
            if self.save_delivery(stored, attempt, delivery.clone()).await?.is_some() {
                // A healthy channel needs no state change after another acceptance.
                if is_troubled || answer != ChannelAnswer::Accepted {
                    self.remember(&attempt.channel, &answer, is_given_up).await;
                }
                self.queue_what_follows(attempt, &delivery).await?;
                return Ok(Outcome::Applied);
            }
            let Some(fresh) = self.notifications.get(&attempt.notification).await? else {
                break;
            };
            // The claim expired and another process repeated the attempt. Its result stands unless ours was accepted.
            let ours = fresh.record.deliveries.get(&attempt.channel) == claimed.as_ref();
            if !ours && !matches!(delivery, Delivery::Delivered { .. }) {
                return Ok(Outcome::Ignored(Ignored::AttemptNotDue));
            }
            stored = fresh;
        }
        Err(contested(attempt))
    }

    async fn remember(&self, channel: &str, answer: &ChannelAnswer, is_given_up: bool) {
        if let Err(fault) = self.channel_states.take_answer(channel, answer, is_given_up).await {
            // The next answer carries the same information.
            tracing::warn!(channel, %fault, "answer of the channel not saved");
        }
    }

    /// Saves the delivery state of this attempt's channel. Returns `None` after a lost race.
    pub(crate) async fn save_delivery(
        &self,
        before: Stored,
        attempt: &Attempt,
        delivery: Delivery,
    ) -> Result<Option<Stored>, Fault> {
        let mut record = before.record.clone();
        record.deliveries.insert(attempt.channel.clone(), delivery);
        let version = self.notifications.save(&before, &record).await?;
        Ok(version.map(|version| Stored { record, version }))
    }
}

/// Returns true if attempts continue beyond the schedule, until the channel accepts the notification or is disabled. No
/// other report shows waiting quarantined input.
fn is_retried_until_accepted(event: Event) -> bool {
    event == Event::InputQuarantined
}

/// Returns a number from -20 to 20, derived from attempt, channel and notification, to spread retries.
fn spread(attempt: &Attempt) -> i32 {
    let parts = [attempt.notification.as_str().as_bytes(), attempt.channel.as_bytes(), &attempt.attempt.to_be_bytes()];
    (digest::number(&parts, 16) % 41) as i32 - 20
}

fn label(answer: &ChannelAnswer) -> &str {
    match answer {
        ChannelAnswer::Accepted => "accepted",
        ChannelAnswer::TryLater { reason, .. } | ChannelAnswer::Refused { reason } | ChannelAnswer::Gone { reason } => {
            reason
        }
    }
}

fn not_kept(attempt: &Attempt) -> Fault {
    Fault::permanent(format!("deliver {}", attempt.notification.as_str()), "no such notification is kept")
}

fn contested(attempt: &Attempt) -> Fault {
    let object = format!("save the delivery of {} to {}", attempt.notification.as_str(), attempt.channel);
    Fault::transient(object, "others kept changing it at the same time")
}
