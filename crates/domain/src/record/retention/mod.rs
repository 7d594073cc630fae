//! Retention of a recording, and its progress towards deletion.

mod custody;
mod disposal;
mod stay;

pub use custody::{Custody, Fingerprint, ForeignHold};
pub use disposal::{APPROVED_FOR, Approval, DeletionOrder, Disposal, Executor, Spared, Tombstone};
pub use stay::{PolicyDigest, Retention, Then};
