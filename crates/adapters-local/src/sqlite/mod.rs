//! The ports in one SQLite file.
//!
//! The adapters of a [`SqliteStore`] share two connections, one for writes and one for reads. One call of a port is
//! one transaction, and acknowledged writes are on disk (WAL, `synchronous = FULL`). A store opened to be filled has
//! one connection and commits every half second. Other processes may read and write the same file.

mod batches;
mod catalogue;
mod checkpoints;
mod connections;
mod look;
mod notifications;
mod number;
mod open;
mod quarantine;
mod queue;
mod schema;
mod sessions;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_tests;

pub use catalogue::SqliteCatalogue;
pub use checkpoints::SqliteCheckpoints;
pub use notifications::SqliteNotifications;
pub use open::OpenError;
pub use quarantine::SqliteQuarantine;
pub use queue::SqliteQueue;
pub use sessions::SqliteSessions;
pub use store::SqliteStore;
