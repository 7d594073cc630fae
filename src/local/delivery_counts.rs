//! Counts delivered notifications by event.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::record::notification::Event;

/// Number of deliveries per event, over all channels.
#[derive(Debug, Default)]
pub struct DeliveryCounts(Mutex<BTreeMap<String, u64>>);

impl DeliveryCounts {
    /// Counts one delivery.
    pub fn count(&self, event: Event) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(event.name().to_owned()).or_default() += 1;
    }

    /// Returns the counts by event.
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
