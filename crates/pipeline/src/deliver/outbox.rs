//! Stores notifications with their frozen body, then queues one message per channel.

use crate::deliver::RecoverDeliveries;
use crate::time::TimeSource;
use domain::catalogue::Rules;
use domain::delivery::{Delivery, FORGOTTEN_AFTER};
use domain::notification::Notification;
use domain::route::Route;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

use crate::body::body_under;
use crate::message::Attempt;
use crate::ports::{Channels, Fault, NotificationRecord, Notifications, Queue, QueueName};

/// Maximum number of forgotten notifications per sweep.
const FORGOTTEN_AT_ONCE: usize = 200;

/// Stores notifications and enqueues their deliveries.
#[derive(Clone)]
pub struct NotificationOutbox {
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) channels: Channels,
    pub(crate) configuration: Option<Arc<str>>,
    pub(crate) time: Arc<TimeSource>,
}

impl NotificationOutbox {
    /// Stores the notification and enqueues one delivery per routed channel. Idempotent, except for duplicate messages.
    pub async fn hand_over(&self, notification: &Notification) -> Result<(), Fault> {
        self.hand_over_to(notification, |_| true).await
    }

    /// Like [`Self::hand_over`], for a subset of the channels.
    pub(super) async fn hand_over_to(
        &self,
        notification: &Notification,
        is_wanted: impl Fn(&str) -> bool + Send,
    ) -> Result<(), Fault> {
        let now = self.time.now();
        let wanted = self.channels().filter(|channel| is_wanted(channel));
        let heard = self.asked_of(notification, |facts| self.rules.routing.channels(facts, now, wanted));
        if heard.is_empty() {
            return Ok(());
        }
        let delivery = |route: Option<&Route>| match route {
            Some(route) => Delivery::Gathering { route: route.name.clone(), at: now },
            None => Delivery::new(now),
        };
        let record = NotificationRecord {
            id: notification.id.clone(),
            event: notification.event,
            at: notification.at,
            body: self.frozen(notification)?,
            deliveries: heard.into_iter().map(|(channel, route)| (channel.to_owned(), delivery(route))).collect(),
        };
        self.notifications.add(&record).await?;
        for channel in record.deliveries.keys() {
            self.queue_attempt(&Attempt::first(&record.id, channel), now).await?;
        }
        Ok(())
    }

    /// Queues an attempt, visible from `at`.
    pub(crate) async fn queue_attempt(&self, attempt: &Attempt, at: Timestamp) -> Result<(), Fault> {
        let delay = at.duration_since(self.time.now()).max(SignedDuration::ZERO);
        self.queue.send(QueueName::Notifications, &attempt.encode(), delay).await
    }

    /// Serialises the body from which every channel builds its message.
    pub(super) fn frozen(&self, notification: &Notification) -> Result<String, Fault> {
        // Every new fact must be declared in `Event::facts`; otherwise tests sending it fail here.
        debug_assert_eq!(notification.strangers().next(), None, "{} has no such fact", notification.event.name());
        let body = body_under(notification, self.configuration.as_deref());
        body.map_err(|error| Fault::permanent("freeze a notification", error))
    }
}

impl RecoverDeliveries {
    /// Queues deliveries with a lost message again. Returns how many.
    pub(crate) async fn recall_forgotten(&self) -> Result<usize, Fault> {
        let now = self.time.now();
        let resumed = self.look_after_channels().await?;
        let gatherings = self.recall_gatherings(now.saturating_sub(FORGOTTEN_AFTER).unwrap_or(now)).await?;
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
}
