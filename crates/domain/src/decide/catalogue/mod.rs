//! Decides about the [`Entry`](crate::record::catalogue::Entry) of each life of a blob name.
//!
//! [`decide`] takes all lives of one blob name, one [`Input`] and the [`Context`](crate::decide::context::Context). It
//! first asks for what must be read ([`Needs`]), and with the answers in the input returns the changed entries, each
//! with its pending effects. Nothing changes them afterwards. [`decide`] is total. The lives depend on the set of
//! inputs, not on their order.

mod advance;
mod ahead;
mod announce;
mod complete;
mod confirm;
mod decide;
mod dispose;
mod fingerprint;
mod foreign_tags;
mod input;
mod join;
mod needs;
mod partition;
mod retain;
mod returned;
mod reviewed;
mod settle;
mod suppress;
mod tombstone;
mod vanish;

pub use ahead::longest_sleep;
pub(crate) use announce::announce;
pub use confirm::Word;
pub use decide::decide;
pub use input::{Answer, Input};
pub use needs::{Decision, Needs};
pub use retain::{EntryCommand, is_taken_back};
pub use reviewed::{ReviewRefusal, ReviewSubmission};

pub use foreign_tags::CHECK as TAG_CHECK;
