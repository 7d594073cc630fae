//! Notifications on their way: a frozen body, and where each channel's delivery stands.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::delivery::Delivery;
use domain::notification::{Event, NotificationId};
use jiff::Timestamp;

use super::{Fault, Version};

/// The outbox.
#[async_trait]
pub trait Notifications: Send + Sync {
    /// Keeps a notification unless one with its id is kept already. True when it was new.
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault>;

    /// The notification with this id.
    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault>;

    /// Saves the deliveries of a notification if none was saved since `before` was loaded. `None` when one was.
    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault>;

    /// Notifications with a delivery that was forgotten at `until` or before (see
    /// [`Delivery::forgotten_at`]), in the order of that time. Costs what it returns.
    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault>;

    /// Notifications with a delivery that was given up, the last of them at `since` or later (see
    /// [`NotificationRecord::given_up_at`]), in the order of that time and then of their ids, and only those behind
    /// `after` where there is one. Costs what it returns.
    async fn given_up(&self, since: Timestamp, after: Option<&GivenUp>, limit: usize) -> Result<Vec<Stored>, Fault>;
}

/// The place of a notification among those that were given up: when, and its id.
pub type GivenUp = (Timestamp, NotificationId);

/// A notification and its deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRecord {
    /// Constant over all attempts.
    pub id: NotificationId,
    /// What happened.
    pub event: Event,
    /// When it was decided.
    pub at: Timestamp,
    /// The bytes that every channel starts from; they never change.
    pub body: String,
    /// Where each channel's delivery stands, by the channel's name.
    pub deliveries: BTreeMap<String, Delivery>,
}

/// A notification as it was saved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The notification.
    pub record: NotificationRecord,
    /// The version that a save builds on.
    pub version: Version,
}

impl NotificationRecord {
    /// When the first unfinished delivery counts as forgotten. `None` when all have ended.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
        self.deliveries.values().filter_map(Delivery::forgotten_at).min()
    }

    /// When the last of the deliveries that were given up was. `None` when none was.
    pub fn given_up_at(&self) -> Option<Timestamp> {
        let given_up = |delivery: &Delivery| match delivery {
            Delivery::GivenUp { at, .. } => Some(*at),
            _ => None,
        };
        self.deliveries.values().filter_map(given_up).max()
    }
}
