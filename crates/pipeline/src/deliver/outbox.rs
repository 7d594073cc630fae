//! Stores notifications with their frozen body, then queues one message per channel.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::policy::matcher::Facts;
use domain::policy::route::{NotificationRoute, facts_of_notification};
use domain::record::delivery::Delivery;
use domain::record::notification::{Notification, NotificationId};
use jiff::{SignedDuration, Timestamp};

use super::open_trouble::TroubleRecipients;
use crate::body::body_under;
use crate::message::Attempt;
use crate::ports::{Channels, Checkpoints, Fault, NotificationRecord, Notifications, Queue, QueueName};
use crate::time::TimeSource;

/// Stores notifications and enqueues their deliveries.
pub struct NotificationOutbox {
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) channels: Channels,
    pub(crate) configuration: Option<Arc<str>>,
    pub(crate) time: Arc<TimeSource>,
}

impl NotificationOutbox {
    /// Stores the notification and enqueues one delivery per routed channel. The end of a trouble goes to the channels
    /// that were told of the trouble. Idempotent, except for duplicate messages.
    pub async fn hand_over(&self, notification: &Notification) -> Result<(), Fault> {
        self.hand_over_to(notification, |_| true).await
    }

    /// Like [`Self::hand_over`], for a subset of the channels.
    pub(super) async fn hand_over_to(
        &self,
        notification: &Notification,
        is_wanted: impl Fn(&str) -> bool + Send,
    ) -> Result<(), Fault> {
        if notification.event.resolves().is_some() {
            let Some(trouble) = self.open_trouble(&notification.key).await? else {
                return Ok(());
            };
            let known = |channel: &str| self.channels.contains_key(channel);
            let recipients = trouble.recipients.clone().into_iter().filter(|(channel, _)| known(channel)).collect();
            self.store(notification, Some(trouble.newest.clone()), recipients).await?;
            return self.close(&notification.key, trouble).await;
        }
        let recipients = self.routed(notification, is_wanted);
        let is_new = || async { Ok::<_, Fault>(self.notifications.get(&notification.id).await?.is_none()) };
        if !recipients.is_empty() && notification.event.resolved_by().is_some() && is_new().await? {
            self.open(notification, &recipients).await?;
        }
        self.store(notification, None, recipients).await
    }

    /// Returns the channels of the routes that the notification takes.
    fn routed(&self, notification: &Notification, is_wanted: impl Fn(&str) -> bool) -> TroubleRecipients {
        let wanted = self.channels().filter(|channel| is_wanted(channel));
        let routed = self.asked_of(notification, |facts| self.rules.routing.channels(facts, self.time.now(), wanted));
        let named = |(channel, route): (&str, Option<&NotificationRoute>)| {
            (channel.to_owned(), route.map(|route| route.name.clone()))
        };
        routed.into_iter().map(named).collect()
    }

    /// Stores the notification and enqueues one delivery per channel.
    async fn store(
        &self,
        notification: &Notification,
        after: Option<NotificationId>,
        recipients: TroubleRecipients,
    ) -> Result<(), Fault> {
        if recipients.is_empty() {
            return Ok(());
        }
        let now = self.time.now();
        let delivery = |route: Option<String>| match route {
            Some(route) => Delivery::Gathering { route, at: now },
            None => Delivery::new(now),
        };
        let record = NotificationRecord {
            id: notification.id.clone(),
            event: notification.event,
            at: notification.at,
            body: self.frozen(notification)?,
            after,
            deliveries: recipients.into_iter().map(|(channel, route)| (channel, delivery(route))).collect(),
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

    /// Returns the names of all channels.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.channels.keys().map(String::as_str)
    }

    /// Calls `with` with the facts that routes can match on.
    pub(super) fn asked_of<T>(&self, notification: &Notification, with: impl FnOnce(&Facts<'_>) -> T) -> T {
        facts_of_notification(notification, self.rules.privacy.in_notifications, with)
    }
}
