//! The best way to give sessions to recordings, each at most once.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// The total weight of the best assignment. `weight(row, column)` is 0 where the two do not belong together.
///
/// Costs the cube of the larger side, or no more than a look at each where the other side is but one.
pub(super) fn best(rows: &[usize], columns: &[usize], weight: impl Fn(usize, usize) -> i64) -> i64 {
    match (rows, columns) {
        ([], _) | (_, []) => return 0,
        ([row], _) => return columns.iter().map(|column| weight(*row, *column)).max().unwrap_or_default(),
        (_, [column]) => return rows.iter().map(|row| weight(*row, *column)).max().unwrap_or_default(),
        _ => {}
    }
    // The algorithm wants a square or a wide matrix.
    let cell = |row: usize, column: usize| weight(rows[row], columns[column]);
    let weights = if rows.len() <= columns.len() {
        Matrix::from_fn(rows.len(), columns.len(), |(row, column)| cell(row, column))
    } else {
        Matrix::from_fn(columns.len(), rows.len(), |(column, row)| cell(row, column))
    };
    kuhn_munkres(&weights).0
}
