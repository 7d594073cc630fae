//! Whether the functions have anything left to do.

use std::sync::Arc;

use jiff::Timestamp;
use pipeline::ports::{Catalogue, Fault, Notifications, Sessions};

/// What sweeps and deliveries still have before them.
pub struct Backlog {
    /// The entries.
    pub catalogue: Arc<dyn Catalogue>,
    /// The sessions.
    pub sessions: Arc<dyn Sessions>,
    /// The notifications on their way.
    pub notifications: Arc<dyn Notifications>,
}

impl Backlog {
    /// When the next entry or session is due, or a notification counts as forgotten. `None` when nothing is left to do.
    pub(crate) async fn next_at(&self) -> Result<Option<Timestamp>, Fault> {
        let entry = self.catalogue.due(Timestamp::MAX, None, 1).await?.into_iter().map(|due| due.at);
        let session = self.sessions.due(Timestamp::MAX, None, 1).await?.into_iter().map(|due| due.at);
        let next = entry.chain(session).min();
        // What was forgotten is recalled at once.
        let forgets = !self.notifications.forgotten(Timestamp::MAX, 1).await?.is_empty();
        Ok(if forgets { Some(Timestamp::MIN) } else { next })
    }

    /// True when no entry and no session is due and no notification is forgotten at `until` or before.
    pub(crate) async fn is_empty(&self, until: Timestamp) -> Result<bool, Fault> {
        let nothing_due =
            self.catalogue.due(until, None, 1).await?.is_empty() && self.sessions.due(until, None, 1).await?.is_empty();
        Ok(nothing_due && self.notifications.forgotten(until, 1).await?.is_empty())
    }
}
