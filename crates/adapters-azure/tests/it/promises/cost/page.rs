//! Reads the tables of the page and checks that they are true.

use super::requests::{KINDS, Requests};
use super::{accesses, crowd, life};

pub const PAGE: &str = include_str!("../../../../../../docs/cost-and-scale.md");

/// Rows of the table whose first heading is `first`, split into cells.
pub fn table(first: &str) -> Vec<Vec<String>> {
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect() };
    let mut lines = PAGE.lines().skip_while(|line| !line.starts_with(&format!("| {first} |")));
    assert!(lines.next().is_some() && lines.next().is_some(), "no table under {first:?}");
    lines.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// Parses a number with thousands separators.
pub fn number(cell: &str) -> i64 {
    cell.replace(',', "").parse().unwrap_or_else(|_| panic!("{cell:?} is not a number"))
}

/// Requests of an operation, as the page says.
pub fn asked(operation: &str) -> Requests {
    let rows = table("operation");
    let row = rows.iter().find(|row| row[0] == operation).unwrap_or_else(|| panic!("no row {operation:?}"));
    Requests(std::array::from_fn(|kind| number(&row[kind + 1])))
}

#[tokio::test]
async fn the_documented_requests_per_operation_are_current() {
    let (life, crowd, accesses) = tokio::join!(life::steps(), crowd::steps(), accesses::steps());
    let rows: Vec<String> = life
        .into_iter()
        .chain(crowd)
        .chain(accesses)
        .map(|(operation, asked)| format!("| {operation} | {asked} |"))
        .collect();
    let page: Vec<String> = table("operation").iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    assert_eq!(page, rows, "expected on the page:\n{}\n", rows.join("\n"));
    assert!(PAGE.contains(&format!("| operation | {} |", KINDS.join(" | "))));
}
