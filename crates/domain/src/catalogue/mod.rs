//! Catalogue: one [`Entry`] per life of a blob name, and the decisions about it.
//!
//! [`decide`] takes all lives of one blob name, one [`Input`] and the [`Context`], and returns the changed entries,
//! each with its pending effects. [`decide`] is total. The lives depend on the set of inputs, not on their order.

mod advance;
mod ahead;
mod announce;
mod bounded;
mod bury;
mod confirm;
mod context;
mod decide;
mod dispose;
mod effect;
mod entry;
mod fingerprint;
mod foreign_tags;
mod history;
mod joined;
mod length;
mod life;
mod lives;
mod marks;
mod partition;
mod retain;
mod settle;
mod vanish;

pub use ahead::longest_sleep;
pub(crate) use bounded::utc_day;
pub use bounded::{BoundedSession, BoundedTime, Contradicted, StoredTimes};
pub use confirm::{Confirmed, Contradiction, Word};
pub use context::{Context, Rules};
pub use decide::{Input, decide};
pub use effect::{Effect, EffectId, EffectOutcome, EffectResult, GivenUpEffect, Pending, retry_delay};
pub use entry::{Entry, RecordingState, Tagged};
pub use foreign_tags::EarlierTags;
pub use history::{EntryChange, EntryChangeKind};
pub use joined::{Joined, JudgedTimes, NotifiedVerdict};
pub use length::LengthFrom;
pub use life::{Life, Observation};
pub use lives::Lives;
pub use marks::{BlobEvents, Folded, WRITES_KEPT};
pub use retain::{EntryCommand, is_taken_back};
