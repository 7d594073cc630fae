//! Makes tables large without cataloguing anything.

use azurite::Account;

use super::bare::{Bare, Service};
use crate::Measured;
use crate::world::Number;

/// Entries whose rows go into one transaction: three for each, in either table.
const TOGETHER: Number = 33;

/// Adds as many rows to both tables of the catalogue as this many entries have. They are empty, and a hundred lie in a
/// partition: the emulator looks through a whole partition before it adds a row, so one with all of them would take
/// hours to fill.
pub async fn fill(account: &Account, entries: Number) -> Measured<()> {
    let mut bare = Bare::new(account, Service::Table, 0)?;
    for first in (0..entries).step_by(TOGETHER as usize) {
        let numbers = first..entries.min(first + TOGETHER);
        let rows: Vec<_> = numbers.flat_map(|number| ["a", "b", "c"].map(|row| format!("{number:08}_{row}"))).collect();
        for table in ["entries", "lookup"] {
            bare.insert(table, &format!("filler_{first:08}"), &rows).await?;
        }
    }
    Ok(())
}
