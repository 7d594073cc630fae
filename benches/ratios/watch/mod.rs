//! Ports that record their calls.

mod blobs;
mod catalogue;
mod sessions;

use std::sync::{Arc, Mutex, PoisonError};

use domain::record::catalogue::Entry;

/// Saved entries of each call, in the order of the calls; most calls save none.
#[derive(Debug, Default, Clone)]
pub struct CountedCalls(Arc<Mutex<Vec<Vec<Entry>>>>);

impl CountedCalls {
    /// Takes the collected calls.
    pub fn take(&self) -> Vec<Vec<Entry>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, saved: &[Entry]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(saved.to_vec());
    }
}

/// A port that records its calls.
pub struct WatchedPorts<P: ?Sized> {
    pub port: Arc<P>,
    pub calls: CountedCalls,
}
