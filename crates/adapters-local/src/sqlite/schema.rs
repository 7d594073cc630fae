//! Creates and upgrades the tables and indexes.

use rusqlite::{Connection, TransactionBehavior};

/// Identifies files of the archivist: `BArc`.
pub(super) const APPLICATION_ID: i64 = 0x4241_7263;
/// Schema of this archivist.
pub(super) const SCHEMA: Schema = Schema { steps: &[include_str!("schema-1.sql")] };

/// Versions of the tables and indexes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema {
    /// Upgrade steps, each from the version before; the first one starts from an empty database.
    pub(super) steps: &'static [&'static str],
}

impl Schema {
    /// Newest version, kept in `PRAGMA user_version`.
    pub(super) fn version(self) -> i64 {
        (1..).zip(self.steps).last().map_or(0, |(version, _)| version)
    }

    /// Upgrades a database to the newest version in one transaction, unless another process was faster.
    pub(super) fn upgrade(self, connection: &mut Connection) -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if found < self.version() {
            for (_, step) in (1..).zip(self.steps).filter(|(version, _)| *version > found) {
                transaction.execute_batch(step)?;
            }
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", self.version())?;
        }
        transaction.commit()
    }
}
