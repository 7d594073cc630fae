//! One attempt to deliver one notification to one channel.

use domain::delivery::{Answer, Claim, Delivery};
use domain::digest;

use crate::archivist::Archivist;
use crate::message::Attempt;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{Envelope, Fault, Stored};

/// How often a lost race is run again.
const RACES: usize = 8;

impl Archivist {
    /// Makes the attempt, unless it was made, is being made, or must wait.
    ///
    /// A failed delivery is no failure of this call: the next attempt is queued, or the notification is given up.
    pub async fn deliver(&self, attempt: &Attempt) -> Result<Outcome, Fault> {
        for _ in 0..RACES {
            let Some(stored) = self.ports.notifications.get(&attempt.notification).await? else {
                return Err(Fault::permanent(
                    format!("deliver {}", attempt.notification.as_str()),
                    "no such notification is kept",
                ));
            };
            let Some(delivery) = stored.record.deliveries.get(&attempt.channel) else {
                return Ok(Outcome::Ignored(Ignored::ChannelNotConfigured));
            };
            match delivery.claim(attempt.attempt, self.ports.clock.now()) {
                Claim::Superseded | Claim::NotBefore(_) => return self.queue_what_follows(attempt, delivery).await,
                Claim::Granted(claimed) => {
                    if let Some(stored) = self.save_delivery(stored, attempt, claimed).await? {
                        return self.attempt(stored, attempt).await;
                    }
                }
            }
        }
        Err(contested(attempt))
    }

    /// A copy of a message came late or early. The one that follows may never have been queued, so it is.
    async fn queue_what_follows(&self, attempt: &Attempt, delivery: &Delivery) -> Result<Outcome, Fault> {
        if let Some((next, at)) = delivery.next_attempt().filter(|(next, _)| *next >= attempt.attempt) {
            self.queue_attempt(&Attempt { attempt: next, ..attempt.clone() }, at).await?;
        }
        Ok(Outcome::Ignored(Ignored::AttemptNotDue))
    }

    async fn attempt(&self, mut stored: Stored, attempt: &Attempt) -> Result<Outcome, Fault> {
        let claimed = stored.record.deliveries.get(&attempt.channel).cloned();
        let answer = match self.settings.channels.get(&attempt.channel) {
            None => Answer::Refused { reason: "channel is not configured".into() },
            Some(channel) => {
                let record = &stored.record;
                let sent_at = self.ports.clock.now();
                channel.send(&Envelope { id: &record.id, event: record.event, body: &record.body, sent_at }).await
            }
        };
        tracing::info!(
            notification = attempt.notification.as_str(),
            channel = attempt.channel,
            attempt = attempt.attempt,
            answer = label(&answer),
            "delivery attempted"
        );
        let now = self.ports.clock.now();
        let delivery = Delivery::after(attempt.attempt, answer, now, spread(attempt));
        for _ in 0..RACES {
            if self.save_delivery(stored, attempt, delivery.clone()).await?.is_some() {
                if let Delivery::Waiting { attempt: next, at } = delivery {
                    self.queue_attempt(&Attempt { attempt: next, ..attempt.clone() }, at).await?;
                }
                return Ok(Outcome::Applied);
            }
            let Some(fresh) = self.ports.notifications.get(&attempt.notification).await? else {
                break;
            };
            // The claim ran out and somebody repeated the attempt: what came of theirs stands, unless ours was accepted.
            let ours = fresh.record.deliveries.get(&attempt.channel) == claimed.as_ref();
            if !ours && !matches!(delivery, Delivery::Delivered { .. }) {
                return Ok(Outcome::Ignored(Ignored::AttemptNotDue));
            }
            stored = fresh;
        }
        Err(contested(attempt))
    }

    async fn save_delivery(
        &self,
        before: Stored,
        attempt: &Attempt,
        delivery: Delivery,
    ) -> Result<Option<Stored>, Fault> {
        let mut record = before.record.clone();
        record.deliveries.insert(attempt.channel.clone(), delivery);
        let version = self.ports.notifications.save(&before, &record).await?;
        Ok(version.map(|version| Stored { record, version }))
    }
}

/// A number from -20 to 20 that differs between attempts, channels and notifications, and never for the same one.
fn spread(attempt: &Attempt) -> i32 {
    let parts = [attempt.notification.as_str().as_bytes(), attempt.channel.as_bytes(), &attempt.attempt.to_be_bytes()];
    (digest::number(&parts, 16) % 41) as i32 - 20
}

fn label(answer: &Answer) -> &str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::TryLater { reason, .. } | Answer::Refused { reason } | Answer::Gone { reason } => reason,
    }
}

fn contested(attempt: &Attempt) -> Fault {
    let object = format!("save the delivery of {} to {}", attempt.notification.as_str(), attempt.channel);
    Fault::transient(object, "others kept changing it at the same time")
}
