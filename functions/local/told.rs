//! What the stub channel showed, counted by event.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How often each event was told.
#[derive(Debug, Default)]
pub struct Told(Mutex<BTreeMap<String, u64>>);

impl Told {
    /// Counts a line of the stub channel; its first word is the event.
    pub fn count(&self, line: &str) {
        let event = line.split(' ').next().unwrap_or_default().to_owned();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(event).or_default() += 1;
    }

    /// The counts so far, by event.
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
