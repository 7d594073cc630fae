//! Lists as CSV: the columns of each kind of list, and cells that are safe to open in a spreadsheet.

mod bastions;
mod cell;
mod coverage;
mod gaps;
mod holds;
mod recordings;
mod reviews;
mod sessions;

use serde::Serialize;

pub use bastions::{BASTION_COLUMNS, BastionPeriod, bastion_periods};
pub use coverage::{COVERAGE_COLUMNS, CoverageRow, coverage_rows};
pub use gaps::{GAP_COLUMNS, gap_of_recording, gap_of_session, gap_rows};
pub use holds::HOLD_COLUMNS;
pub use recordings::RECORDING_COLUMNS;
pub use reviews::REVIEW_COLUMNS;
pub use sessions::SESSION_COLUMNS;

/// Column of a CSV list: its name, and the JSON pointer to its value in the public form.
pub type CsvColumn = (&'static str, &'static str);

/// Returns the cells of one item.
///
/// # Errors
///
/// Returns an error if the item has no JSON form.
pub fn csv_row(columns: &[CsvColumn], item: &impl Serialize) -> Result<Vec<String>, serde_json::Error> {
    let item = cell::with_implied(serde_json::to_value(item)?);
    let cell = |pointer: &str| item.pointer(pointer).map(cell::cell).unwrap_or_default();
    Ok(columns.iter().map(|(_, pointer)| cell(pointer)).collect())
}
