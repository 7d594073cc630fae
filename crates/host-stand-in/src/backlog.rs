//! Whether the functions have anything left to do.

use std::sync::Arc;

use jiff::Timestamp;
use pipeline::ports::{Catalogue, Fault, Notifications};

/// What sweeps and deliveries still have before them.
pub struct Backlog {
    /// The entries.
    pub catalogue: Arc<dyn Catalogue>,
    /// The notifications on their way.
    pub notifications: Arc<dyn Notifications>,
}

impl Backlog {
    /// True when no entry is due and no notification is forgotten at `until` or before.
    pub(crate) async fn is_empty(&self, until: Timestamp) -> Result<bool, Fault> {
        let nothing_due = self.catalogue.due(until, None, 1).await?.is_empty();
        Ok(nothing_due && self.notifications.forgotten(until, 1).await?.is_empty())
    }
}
