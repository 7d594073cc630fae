//! Notifications are kept with their frozen body, then one message per channel is queued.

use domain::delivery::Delivery;
use domain::notification::Notification;
use jiff::{SignedDuration, Timestamp};

use crate::archivist::Archivist;
use crate::body::body;
use crate::message::Attempt;
use crate::ports::{Fault, NotificationRecord, QueueName};

/// How many forgotten notifications one sweep takes up.
const FORGOTTEN_AT_ONCE: usize = 200;

impl Archivist {
    /// Sees to it that every channel will hear of this. Doing it again changes nothing but the number of messages.
    pub(crate) async fn hand_over(&self, notification: &Notification) -> Result<(), Fault> {
        if self.settings.channels.is_empty() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let record = NotificationRecord {
            id: notification.id.clone(),
            event: notification.event,
            at: notification.at,
            body: body(notification).map_err(|error| Fault::permanent("freeze a notification", error))?,
            deliveries: self.settings.channels.keys().map(|name| (name.clone(), Delivery::new(now))).collect(),
        };
        self.ports.notifications.add(&record).await?;
        for channel in record.deliveries.keys() {
            self.queue_attempt(&Attempt { notification: record.id.clone(), channel: channel.clone(), attempt: 1 }, now)
                .await?;
        }
        Ok(())
    }

    /// Queues an attempt to become visible at `at`.
    pub(crate) async fn queue_attempt(&self, attempt: &Attempt, at: Timestamp) -> Result<(), Fault> {
        let delay = at.duration_since(self.ports.clock.now()).max(SignedDuration::ZERO);
        self.ports.queue.send(QueueName::Notifications, &attempt.encode(), delay).await
    }

    /// Queues deliveries again whose message was lost. Returns how many.
    pub(crate) async fn recall_forgotten(&self) -> Result<usize, Fault> {
        let now = self.ports.clock.now();
        let forgotten = self.ports.notifications.forgotten(now, FORGOTTEN_AT_ONCE).await?;
        let mut recalled = 0;
        for before in forgotten {
            let mut record = before.record.clone();
            let mut attempts = Vec::new();
            for (channel, delivery) in &mut record.deliveries {
                if let Some((attempt, _)) =
                    delivery.next_attempt().filter(|_| delivery.forgotten_at().is_some_and(|at| at <= now))
                {
                    *delivery = Delivery::Waiting { attempt, at: now };
                    attempts.push(Attempt { notification: record.id.clone(), channel: channel.clone(), attempt });
                }
            }
            if self.ports.notifications.save(&before, &record).await?.is_some() {
                for attempt in &attempts {
                    self.queue_attempt(attempt, now).await?;
                }
                recalled += attempts.len();
            }
        }
        Ok(recalled)
    }
}
