//! Retention: how long a recording stays, why, and the conditions of its deletion.
//!
//! A [`Policy`] gives every final recording a [`Retention`]: dates, and the action after them. The [`RetentionVerdict`] says if
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
pub use disposal::{APPROVED_FOR, Approval, DeletionOrder, Disposal, Disposition, Tombstone};
pub use explanation::{AskedRule, EffectiveClass, Explanation};
pub use period::{Period, PeriodError};
pub use policy::{Class, Executor, Limits, Policy, PolicyDigest, RetentionRule, StartsAt, Then};
pub use resolution::{Resolution, resolve};
pub(crate) use resolve::segment_after;
pub use resolve::{EvaluatedRule, Retention, facts_of_entry};
pub use verdict::RetentionVerdict;
pub(crate) use warrant::may_go;
pub use warrant::{Spared, Warrant};
