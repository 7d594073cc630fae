//! Operations of a save.

use domain::record::catalogue::Entry;
use pipeline::ports::{Fault, Loaded};

use super::TableCatalogue;
use super::rows::{entry_row, name};
use crate::client::Failure;
use crate::tables::doc::with_doc_of;
use crate::tables::keys::{PARTITION, name_row};
use crate::tables::lookup;
use crate::tables::versions::Save;
use crate::tables::wire::{MOST_OPERATIONS, Operation, Row};

/// Operations that write the lives of a name and the rows that lead to them.
struct Operations {
    lives: Vec<Operation>,
    lookups: Vec<Operation>,
}

impl Operations {
    fn for_changes(before: &Loaded, changed: &[Entry], object: &dyn Fn() -> String) -> Result<Self, Fault> {
        let (mut lives, mut lookups) = (Vec::new(), Vec::new());
        for entry in changed {
            let row = entry_row(entry).map_err(|error| error.fault(object()))?;
            let old = before.lives.entry(entry.id).map(lookup::of_entry).unwrap_or_default();
            lookups.extend(lookup::of_entry(entry).replacing(&old, |copy| with_doc_of(copy, &row)));
            lives.push(Operation::Replace(row));
        }
        Ok(Self { lives, lookups })
    }
}

impl TableCatalogue {
    /// Saves the lives with the rows that lead to them, in one transaction. Returns false if another save was first.
    pub(super) async fn save_all(
        &self,
        save: &Save,
        before: &Loaded,
        changed: &[Entry],
        object: &(dyn Fn() -> String + Sync),
    ) -> Result<bool, Fault> {
        let Operations { lives, mut lookups } = Operations::for_changes(before, changed, object)?;
        let failed = |failure: Failure| failure.fault(object());
        let headings = self.written.missing(before, changed);
        let words: Vec<_> = headings.iter().flat_map(lookup::of_heading).map(Operation::Replace).collect();
        let count = 2 + lives.len() + lookups.len();
        if count + words.len() <= MOST_OPERATIONS {
            lookups.extend(words);
        } else {
            // Words are never removed, so they may come first.
            self.write(words).await.map_err(failed)?;
        }
        let left = if count > MOST_OPERATIONS {
            self.write_keys_first(&mut lookups).await.map_err(failed)?
        } else {
            vec![]
        };
        let rest = lives.into_iter().chain(lookups);
        let operations = save.operations(|row| name(row, &before.lives.address), rest);
        if operations.len() > MOST_OPERATIONS {
            return Err(Fault::permanent(object(), "more lives of one name changed than a transaction allows"));
        }
        if !save.run(&self.store.entries, operations).await.map_err(failed)? {
            return Ok(false);
        }
        self.written.remember(headings);
        if let Err(failure) = self.write(left).await {
            tracing::debug!(?failure, "rows of earlier lists not removed, readers skip them");
        }
        Ok(true)
    }

    /// Writes the rows of lists without copies before a save that is too large for one transaction: readers then
    /// compare them with the entry. Keeps the rows of due times, and returns the removals that must follow the save.
    async fn write_keys_first(&self, lookups: &mut Vec<Operation>) -> Result<Vec<Operation>, Failure> {
        let (timed, listed): (Vec<_>, Vec<_>) =
            lookups.drain(..).partition(|operation| lookup::is_timed(operation.row()));
        *lookups = timed;
        let keys = listed.iter().map(|operation| Operation::Replace(Row::new(PARTITION, operation.row())));
        self.write(keys.collect()).await?;
        Ok(listed.into_iter().filter(|operation| matches!(operation, Operation::Delete { .. })).collect())
    }

    async fn write(&self, operations: Vec<Operation>) -> Result<(), Failure> {
        for together in operations.chunks(MOST_OPERATIONS) {
            self.store.entries.transact(together).await?;
        }
        Ok(())
    }

    /// Starts a save of a name.
    pub(super) fn save_of(before: &Loaded) -> Save {
        Save::new(PARTITION.to_owned(), name_row(&before.lives.address), before.version)
    }
}
