//! Conditional writes.

use domain::catalogue::Entry;

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
