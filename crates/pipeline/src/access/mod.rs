//! Accesses of recordings: lines of the storage accounts' resource logs, stored by blob name, and their notifications.
//!
//! A line can come before the entry of its recording and after a later line. The accesses of a name are therefore a set
//! of their own. A marker in the checkpoints names each set with something to announce; it is saved after the set and
//! before the position in the log.

mod apply;
mod lines;
mod news;
mod notify;

pub use apply::ApplyAccesses;
pub(crate) use apply::stored;
pub(crate) use lines::line_of;
#[cfg(test)]
pub(crate) use news::NewsMarker;
pub use notify::AnnounceAccesses;
pub(crate) use notify::address_of;
