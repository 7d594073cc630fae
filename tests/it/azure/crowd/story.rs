//! The storage events of five hundred blob names.

use futures_util::{StreamExt, stream};
use storage_events::StorageEvent;

use crate::support::azure::PlayedBastion;

const NAMES: usize = 500;
const STEPS: usize = 4;

/// Concurrent storage operations.
const AT_ONCE: usize = 16;

/// Performs four operations per name and returns their events, in order for each name.
pub async fn events(bastion: &PlayedBastion) -> Vec<StorageEvent<'static>> {
    let mut events = Vec::new();
    for step in 0..STEPS {
        let happening = stream::iter(0..NAMES).map(|number| happen(bastion, number, step));
        events.extend(happening.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
    }
    events
}

/// Performs one operation. Most recordings are rewritten and stay; some are replaced or deleted, and some names are
/// reused.
async fn happen(bastion: &PlayedBastion, number: usize, step: usize) -> StorageEvent<'static> {
    let name = format!("vm-{:02}-admin.{}", number % 50, number / 50);
    let size = 100 + number % 7;
    match (number % 10, step) {
        (7..=8, 3) | (9, 1) => bastion.delete(&name).await,
        _ => bastion.write(&name, size).await,
    }
}
