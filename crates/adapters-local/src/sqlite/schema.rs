//! Creates and upgrades the tables and indexes.

use rusqlite::{Connection, TransactionBehavior};

/// Upgrade steps, each from the version before; the first one starts from an empty database.
const STEPS: [&str; 4] = [
    include_str!("schema-1.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
];
/// Version of the schema, kept in `PRAGMA user_version`.
pub(super) const VERSION: i64 = STEPS.len() as i64;
/// Identifies files of the archivist: `BArc`.
pub(super) const APPLICATION_ID: i64 = 0x4241_7263;

/// Upgrades a database to [`VERSION`] in one transaction, unless another process was faster.
pub(super) fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found < VERSION {
        for (_, step) in (1..).zip(STEPS).filter(|(version, _)| *version > found) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}
