//! Accesses of recordings, as the storage account's resource log states them.
//!
//! [`BlobAccesses`] is a set: lines in any order and number give the same set. A line is a claim of the log about a
//! request that storage accepted; who made it is unknown unless the log names an identity.

mod group;
mod line;
mod set;
mod span;
mod viewing;

pub use group::{AccessGroup, AccessGroupKey, LINES_KEPT};
pub use line::{AccessKind, AccessLine};
pub use set::{AnnouncedAccess, BlobAccesses, FoldedGroups, GROUPS_KEPT};
pub use span::LifeSpan;
pub use viewing::{Viewing, WITHIN};
