//! The catalogue, the sessions, the outbox and the checkpoints in tables.
//!
//! A transaction spans one partition, so all lives of a name, with their pending effects, lie in one, and are saved by
//! one transaction. Rows that lead to things (newest first, under a heading, by name, due, forgotten) lie in table
//! `lookup` and are written **before** the transaction, and those of what passes are removed **after** it: a row too
//! many is passed over by whoever reads it, a row too few cannot be. `docs/data-model.md` tells keys, costs and limits.

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

/// How many calls of one operation are under way at the same time.
const AT_ONCE: usize = 16;
