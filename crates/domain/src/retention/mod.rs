//! How long a recording stays, why, and what it takes to delete it.
//!
//! A [`Policy`] gives every final recording a [`Retention`]: dates, and what follows them. What may be deleted today is
//! its [`Verdict`]; nothing is deleted without a [`Warrant`], which only a fresh look at everything gives.

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
