//! What people ask of channels and routes before they rely on them.

use domain::delivery::Answer;
use domain::matcher::Truth;
use domain::notification::{Notification, NotificationId};
use domain::route::{Taken, facts_of_notification};

use crate::archivist::Archivist;
use crate::body::{body, read};
use crate::ports::{Envelope, Fault};

/// What became of an event at one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteStep {
    /// The route's name.
    pub route: String,
    /// Whether its condition holds.
    pub truth: Truth,
    /// What follows.
    pub taken: Taken,
    /// Where it leads.
    pub channels: Vec<String>,
    /// When what takes it is sent, in words. `None` for at once.
    pub digest: Option<String>,
    /// Whether the event goes on behind it.
    pub goes_on: bool,
}

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
        let body = frozen(notification)?;
        let sent_at = self.ports.clock.now();
        let envelope = Envelope { id: &notification.id, event: notification.event, body: &body, sent_at };
        Ok(self.settings.channels.get(channel).map(|channel| channel.preview(&envelope)))
    }

    /// Sends this to a channel now, once, and past all routes and limits; nothing is kept of it. `None` where there is no
    /// such channel.
    ///
    /// # Errors
    /// *Permanent* where the notification has no JSON form.
    pub async fn try_channel(&self, channel: &str, notification: &Notification) -> Result<Option<Answer>, Fault> {
        let body = frozen(notification)?;
        let sent_at = self.ports.clock.now();
        let envelope = Envelope { id: &notification.id, event: notification.event, body: &body, sent_at };
        match self.settings.channels.get(channel) {
            Some(channel) => Ok(Some(channel.send(&envelope).await)),
            None => Ok(None),
        }
    }

    /// The way of an event through the routes; empty where there are none, and every channel hears of everything.
    pub fn way(&self, notification: &Notification) -> Vec<RouteStep> {
        let (routing, now) = (&self.settings.rules.routing, self.ports.clock.now());
        let shown = self.settings.rules.privacy.in_notifications;
        facts_of_notification(notification, shown, |facts| {
            let steps = routing.way(facts, now).into_iter();
            steps
                .map(|step| RouteStep {
                    route: step.route.name.clone(),
                    truth: step.truth,
                    taken: step.taken,
                    channels: step.route.channels.clone(),
                    digest: step.route.digest.as_ref().map(ToString::to_string),
                    goes_on: step.route.goes_on,
                })
                .collect()
        })
    }

    /// A notification that was told, as it was told. `None` where none is kept under this id.
    pub async fn told(&self, id: &NotificationId) -> Result<Option<Notification>, Fault> {
        let kept = self.ports.notifications.get(id).await?;
        Ok(kept.and_then(|stored| read(&stored.record.body)))
    }
}

fn frozen(notification: &Notification) -> Result<String, Fault> {
    body(notification).map_err(|error| Fault::permanent("freeze a notification", error))
}
