//! Fills tables with rows without cataloguing.

use azurite::Account;

use super::bare::{BareStorage, Service};
use crate::Measured;
use crate::world::Number;

/// Entries per transaction: each has three rows.
const TOGETHER: Number = 33;

/// Adds rows for `entries` entries to the table of the catalogue. The rows are empty, about a hundred per
/// partition: the emulator scans a whole partition before it adds a row, so a single partition would take hours to
/// fill.
pub async fn fill(account: &Account, entries: Number) -> Measured<()> {
    let mut bare = BareStorage::new(account, Service::Table, 0)?;
    for first in (0..entries).step_by(TOGETHER as usize) {
        let numbers = first..entries.min(first + TOGETHER);
        let rows: Vec<_> = numbers.flat_map(|number| ["a", "b", "c"].map(|row| format!("{number:08}_{row}"))).collect();
        bare.insert("entries", &format!("filler_{first:08}"), &rows).await?;
    }
    Ok(())
}
