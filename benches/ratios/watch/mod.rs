//! Ports that remember what they were asked.

mod blobs;
mod catalogue;
mod sessions;

use std::sync::{Arc, Mutex, PoisonError};

use domain::catalogue::Entry;

/// What each call so far saved, in the order of the calls; most save nothing.
#[derive(Debug, Default, Clone)]
pub struct Calls(Arc<Mutex<Vec<Vec<Entry>>>>);

impl Calls {
    /// Takes out what was collected.
    pub fn take(&self) -> Vec<Vec<Entry>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, saved: &[Entry]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(saved.to_vec());
    }
}

/// A port with somebody who watches it.
pub struct Watched<P: ?Sized> {
    pub port: Arc<P>,
    pub calls: Calls,
}
