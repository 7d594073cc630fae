//! Catalogue, sessions, outbox and checkpoints in tables.
//!
//! A transaction spans one partition. So all lives of a name, with their pending effects, share a partition and are
//! saved by one transaction. Table `lookup` holds the rows that lead to items: newest first, under a heading, by
//! name, due, removable. They are written **before** the transaction, and obsolete ones are removed **after** it:
//! readers ignore a surplus row, but cannot replace a missing one. `docs/data-model.md` describes keys, costs and
//! limits.

mod catalogue;
mod checkpoints;
mod doc;
mod keys;
mod lookup;
mod notifications;
mod ordered;
mod sessions;
mod store;
mod versions;
mod wire;

pub use catalogue::TableCatalogue;
pub use checkpoints::TableCheckpoints;
pub use notifications::TableNotifications;
pub use sessions::TableSessions;
pub use store::{TableStore, TokenScope};

/// Most concurrent calls of one operation.
const AT_ONCE: usize = 16;
