//! Port to the outbox: frozen notification bodies and the delivery state of each channel.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::record::delivery::Delivery;
use domain::record::notification::{Event, NotificationId};
use jiff::Timestamp;

use super::{Fault, Version};

/// The outbox of notifications.
#[async_trait]
pub trait Notifications: Send + Sync {
    /// Stores a notification unless its id is already stored. Returns true if it was new.
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault>;

    /// Returns the notification with this id, if stored.
    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault>;

    /// Saves the deliveries of a notification. Returns `None` if they were saved since `before` was loaded.
    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault>;

    /// Returns notifications with a delivery forgotten at or before `until` (see [`Delivery::forgotten_at`]), ordered
    /// by that time. Cost is proportional to the result.
    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault>;

    /// Returns notifications with a delivery given up at or after `since` (see [`NotificationRecord::given_up_at`]),
    /// ordered by that time and id, after `after` if given. Cost is proportional to the result.
    async fn given_up(
        &self,
        since: Timestamp,
        after: Option<&GivenUpPosition>,
        limit: usize,
    ) -> Result<Vec<Stored>, Fault>;
}

/// Position in the list of given-up notifications: time and id.
pub type GivenUpPosition = (Timestamp, NotificationId);

/// Notification and its deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRecord {
    /// Notification id, constant over all attempts.
    pub id: NotificationId,
    /// Kind of event.
    pub event: Event,
    /// Time of the decision to notify.
    pub at: Timestamp,
    /// Frozen body; every channel's message is made from it.
    pub body: String,
    /// Notification that a channel must receive first: that of the trouble which this one ends.
    pub after: Option<NotificationId>,
    /// Delivery state by channel name.
    pub deliveries: BTreeMap<String, Delivery>,
}

/// Notification as last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Content.
    pub record: NotificationRecord,
    /// Version to save against.
    pub version: Version,
}

impl NotificationRecord {
    /// Returns the earliest time at which an unfinished delivery counts as forgotten, or `None` if all have ended.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
        self.deliveries.values().filter_map(Delivery::forgotten_at).min()
    }

    /// Returns the latest time at which a delivery was given up, or `None` if none was.
    pub fn given_up_at(&self) -> Option<Timestamp> {
        let given_up = |delivery: &Delivery| match delivery {
            Delivery::GivenUp { at, .. } => Some(*at),
            _ => None,
        };
        self.deliveries.values().filter_map(given_up).max()
    }
}
