//! Conditional writes.

use domain::record::catalogue::Entry;
use futures_util::future::BoxFuture;

use crate::ports::{Catalogue, Fault, Loaded};

/// Saves the changed entries. Returns the lives as saved, or `None` after a lost race.
pub(crate) async fn save(
    catalogue: &dyn Catalogue,
    mut loaded: Loaded,
    changed: &[Entry],
) -> Result<Option<Loaded>, Fault> {
    if changed.is_empty() {
        return Ok(Some(loaded));
    }
    let version = catalogue.save(&loaded, changed).await?;
    Ok(version.map(|version| {
        loaded.lives.replace(changed);
        Loaded { lives: loaded.lives, version }
    }))
}

/// Attempts per lost race; after that, a later pass retries.
const RACES: usize = 8;

/// Repeats a load, decision and conditional write until it is not lost to another writer. `attempt` returns `None` if
/// it lost the race.
///
/// Returns a transient error about `object` if others keep changing it.
pub(crate) async fn save_with_retry<'a, T>(
    object: impl FnOnce() -> String,
    mut attempt: impl FnMut() -> BoxFuture<'a, Result<Option<T>, Fault>>,
) -> Result<T, Fault> {
    for _ in 0..RACES {
        if let Some(saved) = attempt().await? {
            return Ok(saved);
        }
    }
    Err(Fault::transient(object(), "others kept changing it at the same time"))
}
