//! Queries and tests of channels and routes before they are relied on.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::policy::route::RouteStep;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::{Event, Notification, NotificationId};
use domain::record::notification_digest::NotificationDigest;
use futures_util::future::BoxFuture;

use crate::body::{digest_body, read};
use crate::deliver::NotificationOutbox;
use crate::ports::{ChannelMessage, Channels, Fault, Notifications};
use crate::time::TimeSource;

/// Shows routes and messages of the channels before they are relied on.
pub struct InspectChannels {
    pub(crate) notifications: Arc<dyn Notifications>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) channels: Channels,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

impl InspectChannels {
    /// Returns the exact text for a channel, or `None` if the channel is unknown.
    ///
    /// Returns a permanent error if the notification has no JSON form.
    pub fn preview(&self, channel: &str, notification: &Notification) -> Result<Option<String>, Fault> {
        let body = self.outbox.frozen(notification)?;
        let envelope = self.sample(&notification.id, notification.event, &body);
        Ok(self.channels.get(channel).map(|channel| channel.preview(&envelope)))
    }

    /// Like [`Self::preview`], for a digest. Returns `None` if the channel is unknown.
    ///
    /// Returns a permanent error if the digest has no JSON form.
    pub fn preview_digest(&self, channel: &str, digest: &NotificationDigest) -> Result<Option<String>, Fault> {
        let id = NotificationDigest::id(channel, digest.number);
        let body = digest_body(&id, digest).map_err(|error| Fault::permanent("freeze a digest", error))?;
        let envelope = self.sample(&id, Event::ChannelDigest, &body);
        Ok(self.channels.get(channel).map(|channel| channel.preview(&envelope)))
    }

    /// Sends a notification to a channel immediately and once, without routes and limits, and stores nothing. Returns
    /// `None` if the channel is unknown.
    ///
    /// Returns a permanent error if the notification has no JSON form.
    pub fn try_channel<'a>(
        &'a self,
        channel: &'a str,
        notification: &'a Notification,
    ) -> BoxFuture<'a, Result<Option<ChannelAnswer>, Fault>> {
        Box::pin(async move {
            let body = self.outbox.frozen(notification)?;
            match self.channels.get(channel) {
                Some(channel) => {
                    Ok(Some(channel.send(&self.sample(&notification.id, notification.event, &body)).await))
                }
                None => Ok(None),
            }
        })
    }

    fn sample<'a>(&self, id: &'a NotificationId, event: Event, body: &'a str) -> ChannelMessage<'a> {
        ChannelMessage { id, event, body, sent_at: self.time.now(), traceparent: None }
    }

    /// Returns the evaluation of all routes for a notification. Empty if there are no routes, in which case every
    /// channel receives everything.
    pub fn way(&self, notification: &Notification) -> Vec<RouteStep<'_>> {
        let now = self.time.now();
        self.outbox.asked_of(notification, |facts| self.rules.routing.way(facts, now))
    }

    /// Returns the channels of a notification, directly or in a digest.
    pub fn subscribers(&self, notification: &Notification) -> Vec<&str> {
        let now = self.time.now();
        let routed =
            self.outbox.asked_of(notification, |facts| self.rules.routing.channels(facts, now, self.outbox.channels()));
        routed.into_keys().collect()
    }

    /// Returns a stored notification as sent, or `None` if there is none with this id.
    pub async fn sent_notification(&self, id: &NotificationId) -> Result<Option<Notification>, Fault> {
        let kept = self.notifications.get(id).await?;
        Ok(kept.and_then(|stored| read(&stored.record.body)))
    }
}
