//! What people ask of channels and routes before they rely on them.

use domain::delivery::Answer;
use domain::gathering::Gathering;
use domain::matcher::Facts;
use domain::notification::{Event, Notification, NotificationId};
use domain::route::{Step, facts_of_notification};
use futures_util::future::BoxFuture;

use crate::archivist::Archivist;
use crate::body::{digest_body, read};
use crate::ports::{Envelope, Fault};

impl Archivist {
    /// The names of all channels.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.settings.channels.keys().map(String::as_str)
    }

    /// The very text that a channel would be sent. `None` where there is no such channel.
    ///
    /// # Errors
    /// *Permanent* where the notification has no JSON form.
    pub fn preview(&self, channel: &str, notification: &Notification) -> Result<Option<String>, Fault> {
        let body = self.frozen(notification)?;
        let envelope = self.sample(&notification.id, notification.event, &body);
        Ok(self.settings.channels.get(channel).map(|channel| channel.preview(&envelope)))
    }

    /// The same of what a channel is sent in one message. `None` where there is no such channel.
    ///
    /// # Errors
    /// *Permanent* where it has no JSON form.
    pub fn preview_digest(&self, channel: &str, gathering: &Gathering) -> Result<Option<String>, Fault> {
        let id = Gathering::id(channel, gathering.number);
        let body = digest_body(&id, gathering).map_err(|error| Fault::permanent("freeze a digest", error))?;
        let envelope = self.sample(&id, Event::ChannelDigest, &body);
        Ok(self.settings.channels.get(channel).map(|channel| channel.preview(&envelope)))
    }

    /// Sends this to a channel now, once, and past all routes and limits; nothing is kept of it. `None` where there is no
    /// such channel.
    ///
    /// # Errors
    /// *Permanent* where the notification has no JSON form.
    pub fn try_channel<'a>(
        &'a self,
        channel: &'a str,
        notification: &'a Notification,
    ) -> BoxFuture<'a, Result<Option<Answer>, Fault>> {
        Box::pin(async move {
            let body = self.frozen(notification)?;
            match self.settings.channels.get(channel) {
                Some(channel) => {
                    Ok(Some(channel.send(&self.sample(&notification.id, notification.event, &body)).await))
                }
                None => Ok(None),
            }
        })
    }

    fn sample<'a>(&self, id: &'a NotificationId, event: Event, body: &'a str) -> Envelope<'a> {
        Envelope { id, event, body, sent_at: self.now(), traceparent: None }
    }

    /// The way of an event through the routes; empty where there are none, and every channel hears of everything.
    pub fn way(&self, notification: &Notification) -> Vec<Step<'_>> {
        let now = self.now();
        self.asked_of(notification, |facts| self.settings.rules.routing.way(facts, now))
    }

    /// The channels that hear of an event, whether at once or with others.
    pub fn hear(&self, notification: &Notification) -> Vec<&str> {
        let now = self.now();
        let heard =
            self.asked_of(notification, |facts| self.settings.rules.routing.channels(facts, now, self.channels()));
        heard.into_keys().collect()
    }

    /// Calls `with` with what routes may ask of an event.
    pub(super) fn asked_of<T>(&self, notification: &Notification, with: impl FnOnce(&Facts<'_>) -> T) -> T {
        facts_of_notification(notification, self.settings.rules.privacy.in_notifications, with)
    }

    /// A notification that was told, as it was told. `None` where none is kept under this id.
    pub async fn told(&self, id: &NotificationId) -> Result<Option<Notification>, Fault> {
        let kept = self.ports.notifications.get(id).await?;
        Ok(kept.and_then(|stored| read(&stored.record.body)))
    }
}
