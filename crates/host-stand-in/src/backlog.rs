//! Remaining work of the functions.

use std::sync::Arc;

use jiff::Timestamp;
use pipeline::ports::{Catalogue, Fault, Notifications, Sessions};

/// Stores of the remaining work of sweeps and deliveries.
pub struct Backlog {
    /// Recordings.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Pending notifications.
    pub notifications: Arc<dyn Notifications>,
}

impl Backlog {
    /// Returns when the next recording, session or forgotten notification is due, or `None` if no work remains.
    pub(crate) async fn next_at(&self) -> Result<Option<Timestamp>, Fault> {
        let entry = self.catalogue.due(Timestamp::MAX, None, 1).await?.into_iter().map(|due| due.at);
        let session = self.sessions.due(Timestamp::MAX, None, 1).await?.into_iter().map(|due| due.at);
        let next = entry.chain(session).min();
        // A forgotten notification is due at once.
        let forgets = !self.notifications.forgotten(Timestamp::MAX, 1).await?.is_empty();
        Ok(if forgets { Some(Timestamp::MIN) } else { next })
    }

    /// Returns true if no recording and no session is due at `until` or before, and no notification is forgotten.
    pub(crate) async fn is_empty(&self, until: Timestamp) -> Result<bool, Fault> {
        let nothing_due =
            self.catalogue.due(until, None, 1).await?.is_empty() && self.sessions.due(until, None, 1).await?.is_empty();
        Ok(nothing_due && self.notifications.forgotten(until, 1).await?.is_empty())
    }
}
