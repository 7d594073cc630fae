//! The catalogue and the outbox in tables.
//!
//! A transaction spans one partition, so all lives of a name, with their pending effects, lie in one, and are saved by
//! one transaction. Rows that lead to them (newest first, by state, due, forgotten) lie in table `lookup` and are
//! written **before** the transaction and cleaned **after** it: a row too many is dropped by whoever reads it, a row too
//! few cannot be. `docs/data-model.md` tells keys, costs and limits.

mod catalogue;
mod doc;
mod keys;
mod lookup;
mod notifications;
mod store;
mod versions;
mod wire;

pub use catalogue::TableCatalogue;
pub use notifications::TableNotifications;
pub use store::{TableStore, TokenScope};
