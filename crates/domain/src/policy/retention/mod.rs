//! Retention: how long a recording stays, why, and the conditions of its deletion.
//!
//! A [`Policy`] gives every final recording a [`Retention`](crate::record::retention::Retention): dates, and the action
//! after them. The [`RetentionVerdict`] says if the recording may be deleted now. Every deletion of ours requires a
//! [`Warrant`], which results only from a fresh check of all conditions.

mod clock;
mod disposition;
mod explanation;
pub mod lifecycle;
mod open_session;
mod period;
mod policy;
mod resolution;
mod resolve;
mod verdict;
mod warrant;

pub use clock::{CountedBy, CountedFrom};
pub use disposition::Disposition;
pub use explanation::{AskedRule, EffectiveClass, Explanation};
pub use open_session::may_go_on_until;
pub use period::{Period, PeriodError};
pub use policy::{Class, Limits, Policy, RetentionRule, StartsAt};
pub use resolution::{Resolution, resolve};
pub(crate) use resolve::segment_after;
pub use resolve::{EvaluatedRule, facts_of_entry};
pub use verdict::RetentionVerdict;
pub use warrant::Warrant;
pub(crate) use warrant::may_go;
