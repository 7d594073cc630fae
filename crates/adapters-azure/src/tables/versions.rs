//! Keeps the version of an item in a row of its own, so one transaction saves conditionally without ETags.
//!
//! An item has a lasting row (`stem`) and a row for its version (`stem_0000000000000003`). A save deletes the row of
//! the version it builds on and adds the next one. If another save was first, the old row is gone and the whole
//! transaction fails. The added row names its saver. So a saver whose answer was lost, and whose retry met the row of
//! its own first try, recognises that it won.

use azure_core::Uuid;
use pipeline::ports::Version;

use super::keys::{BEHIND, from_number, number};
use super::wire::{Operation, Range, Row, TableClient};
use crate::client::{Failure, ServiceAnswer};

/// One save of one item.
pub(super) struct Save {
    partition: String,
    stem: String,
    expected: Version,
    next: Version,
    saver: String,
}

impl Save {
    /// Starts a save that builds on `expected`.
    pub(super) fn new(partition: String, stem: String, expected: Version) -> Self {
        let next = Version(expected.0 + 1);
        Self { partition, stem, expected, next, saver: Uuid::new_v4().to_string() }
    }

    /// Makes the save write this version, which is higher than the next one.
    pub(super) fn to(self, next: Version) -> Self {
        Self { next, ..self }
    }

    /// Version this save writes.
    pub(super) fn next(&self) -> Version {
        self.next
    }

    /// Returns all operations of the save: the change of version, and `rest`. `first` builds the lasting row, which the
    /// first save adds.
    pub(super) fn operations(
        &self,
        first: impl FnOnce(Row) -> Row,
        rest: impl IntoIterator<Item = Operation>,
    ) -> Vec<Operation> {
        let mut operations = Vec::new();
        if self.expected == Version(0) {
            operations.push(Operation::Insert(first(Row::new(&self.partition, &self.stem))));
        } else {
            let row = version_row(&self.stem, self.expected);
            operations.push(Operation::Delete { partition: self.partition.clone(), row });
        }
        let row = version_row(&self.stem, self.next);
        operations.push(Operation::Insert(Row::new(&self.partition, row).text("saver", &self.saver)));
        operations.extend(rest);
        operations
    }

    /// Runs the [operations](Self::operations). Returns false if another save was first.
    pub(super) async fn run(&self, table: &TableClient, operations: Vec<Operation>) -> Result<bool, Failure> {
        match table.transact(&operations).await {
            Ok(()) => Ok(true),
            Err(failure) if is_conflict(&failure) => {
                Ok(self.is_ours(table).await? || self.run_without_absent(table, operations).await?)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Repeats a failed save without the removals of absent rows, unless another save was first. No save leaves out a
    /// row, but without this, a row that an operator has removed would block its item.
    async fn run_without_absent(&self, table: &TableClient, operations: Vec<Operation>) -> Result<bool, Failure> {
        let version = version_row(&self.stem, self.expected);
        if table.get(&self.partition, &version, Some("saver")).await?.is_none() {
            return Ok(false);
        }
        let mut there = Vec::new();
        for operation in operations {
            let is_absent = match &operation {
                Operation::Delete { partition, row } => table.get(partition, row, Some("saver")).await?.is_none(),
                Operation::Insert(_) | Operation::Replace(_) => false,
            };
            if !is_absent {
                there.push(operation);
            }
        }
        match table.transact(&there).await {
            Ok(()) => Ok(true),
            Err(failure) if is_conflict(&failure) => self.is_ours(table).await,
            Err(failure) => Err(failure),
        }
    }

    async fn is_ours(&self, table: &TableClient) -> Result<bool, Failure> {
        let row = table.get(&self.partition, &version_row(&self.stem, self.next), Some("saver")).await?;
        Ok(row.is_some_and(|row| row.get("saver") == Some(&self.saver)))
    }
}

/// True if a transaction failed because a row exists or is absent.
pub(super) fn is_conflict(failure: &Failure) -> bool {
    matches!(failure.answer, ServiceAnswer::Exists | ServiceAnswer::NotFound)
}

/// Removes an item with its version. Returns false if it was saved since or is gone.
pub(super) async fn remove(table: &TableClient, partition: &str, stem: &str, at: Version) -> Result<bool, Failure> {
    let rows = [version_row(stem, at), stem.to_owned()];
    let operations = rows.map(|row| Operation::Delete { partition: partition.to_owned(), row });
    match table.transact(&operations).await {
        Ok(()) => Ok(true),
        Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Range over the rows of an item: the lasting one and its version.
pub(super) fn range(partition: &str, stem: &str) -> Range {
    Range::partition(partition).from(stem).before(format!("{stem}{BEHIND}"))
}

/// Highest version among the rows of an item, or 0 if there is no version row.
pub(super) fn version<'a>(rows: impl IntoIterator<Item = &'a Row>, stem: &str) -> Version {
    let versions = rows
        .into_iter()
        .filter_map(|row| row.row.strip_prefix(stem).and_then(|rest| rest.strip_prefix('_')).and_then(from_number));
    Version(versions.max().unwrap_or(0))
}

fn version_row(stem: &str, version: Version) -> String {
    format!("{stem}_{}", number(version.0))
}
