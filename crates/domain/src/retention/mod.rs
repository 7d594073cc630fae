//! Retention: how long a recording stays, why, and the conditions of its deletion.
//!
//! A [`Policy`] gives every final recording a [`Retention`]: dates, and the action after them. The [`Verdict`] says if
//! the recording may be deleted now. Every deletion of ours requires a [`Warrant`], which results only from a fresh
//! check of all conditions.

mod clock;
mod custody;
mod disposal;
mod explanation;
pub mod lifecycle;
mod period;
mod policy;
mod resolution;
mod resolve;
mod verdict;
mod warrant;

pub use clock::{CountedBy, CountedFrom};
pub use custody::{Custody, Fingerprint, ForeignHold};
pub use disposal::{APPROVED_FOR, Approval, Disposal, Disposition, Order, Tombstone};
pub use explanation::{AskedRule, Counted, Explanation};
pub use period::{Period, PeriodError};
pub use policy::{Class, Executor, Limits, Policy, PolicyDigest, Rule, StartsAt, Then};
pub use resolution::{Resolution, resolve};
pub(crate) use resolve::segment_after;
pub use resolve::{Asked, Retention, facts_of_entry};
pub use verdict::Verdict;
pub(crate) use warrant::may_go;
pub use warrant::{Spared, Warrant};
