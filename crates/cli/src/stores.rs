//! Compares the stores of recordings with those of the catalogue.

use pipeline::{Archivist, StrangeStore};
use wiring::CommandError;

use crate::output::note;

/// Prints the stores that differ from those of the catalogue on stderr, and returns their number. Adopts
/// them first if `adopt` is set.
pub async fn strange_stores(archivist: &Archivist, adopt: bool) -> Result<usize, CommandError> {
    if adopt {
        for adopted in archivist.stores().adopt().await? {
            note(&format!("adopted: container {} is in {} now", adopted.container, adopted.found.as_str()));
        }
    }
    let strangers = archivist.stores().strangers().await?;
    for line in StrangeStore::said(&strangers) {
        note(&line);
    }
    strangers.iter().for_each(|stranger| archivist.stores().mute(stranger));
    Ok(strangers.len())
}
