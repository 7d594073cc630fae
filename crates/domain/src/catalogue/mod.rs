//! Catalogue: one [`Entry`] per life of a blob name, and the decisions about it.
//!
//! [`decide`] takes all lives of one blob name, one [`Input`] and the [`Context`]. It first asks for what must be read
//! ([`Needs`]), and with the answers in the input returns the changed entries, each with its pending effects. Nothing
//! changes them afterwards. [`decide`] is total. The lives depend on the set of inputs, not on their order.

mod advance;
mod ahead;
mod announce;
mod bounded;
mod bury;
mod complete;
mod confirm;
mod context;
mod decide;
mod dispose;
mod effect;
mod entry;
mod fingerprint;
mod foreign_tags;
mod history;
mod input;
mod join;
mod joined;
mod length;
mod life;
mod lives;
mod marks;
mod needs;
mod partition;
mod retain;
mod settle;
mod suppress;
mod vanish;

pub use ahead::longest_sleep;
pub(crate) use bounded::utc_day;
pub use bounded::{BoundedSession, BoundedTime, StoredTimes};
pub use confirm::Word;
pub(crate) use context::suppress_if_quiet;
pub use context::{Context, Rules};
pub use decide::decide;
pub use effect::{Effect, EffectId, EffectOutcome, EffectResult, GivenUpEffect, Pending, retry_delay, told_before};
pub use entry::{EarlierTags, Entry, RecordingState, Tagged};
pub use history::{EntryChange, EntryChangeKind};
pub use input::{Answer, Input};
pub use joined::{Confirmed, Contradicted, Contradiction, Joined, JudgedTimes, NotifiedVerdict};
pub use length::LengthFrom;
pub use life::{Life, Observation};
pub use lives::Lives;
pub use marks::{BlobEvents, Folded, WRITES_KEPT};
pub use needs::{Decision, Needs};
pub use retain::{EntryCommand, is_taken_back};
