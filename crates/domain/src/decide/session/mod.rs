//! Decides about sessions: with new records, and after a review of their neighbourhood.

mod announce;
mod bursts;
mod review;
mod wake;

pub(crate) use announce::facts_of;
pub use bursts::{Burst, bursts};
pub use review::{Review, longest_sleep, merge_records, review};
