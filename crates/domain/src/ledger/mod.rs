//! The ledger: what was final, held, deleted, in lines of which each is chained to the one before by its hash.
//!
//! A *fact* is a thing that happened. A *line* holds one, with the hash of the line before and its own. Lines lie in
//! *segments* that are numbered without a gap; the first line of a segment opens it and is chained to the last line of the
//! segment before, the last one closes it. [`Chain`] takes lines in order and tells where the chain is broken.

mod chain;
mod fact;
mod line;
mod mark;
mod seen;
mod segment;
mod sha256;

pub use chain::{Break, Chain, Reason, Seam, Taken};
pub use fact::{Fact, FactId, Stay, What};
pub use line::{Body, Flaw, LONGEST_LINE, Line};
pub use mark::{Mark, Passed};
pub use segment::SegmentNumber;
pub use sha256::{Hashing, Sha256};
