//! The ledger: an append-only, hash-chained log of hashes, holds, deletions and other acts.
//!
//! A *fact* is an event. A *line* holds one fact, the hash of the previous line and its own hash. Lines are stored in
//! *segments*, numbered without gaps. The first line of a segment opens it and is chained to the last line of the
//! previous segment; the last line closes it. [`Chain`] verifies lines in order and reports breaks.

mod chain;
mod fact;
mod line;
mod mark;
mod seen;
mod segment;
mod sha256;

pub use chain::{Break, Chain, ChainBreak, Seam, VerifiedLine};
pub use fact::{FactId, LedgerEvent, LedgerFact, Stay};
pub use line::{Flaw, LONGEST_LINE, LedgerLine, LineContent};
pub use mark::{Mark, Passed};
pub use segment::SegmentNumber;
pub use sha256::{Hashing, Sha256};
