//! Appends facts to the ledger and verifies it.
//!
//! Writers call [`append`], which is idempotent; auditors run [`Verify`]. A daily round verifies the chain and
//! announces each break.

mod anchor;
mod append;
mod contents;
mod deletions;
mod end;
mod hash;
mod head;
mod notify;
mod position;
mod round;
mod rounds;
mod verify;
mod walk;
pub use rounds::VerifyLedger;
pub(crate) use rounds::{known_breaks, last_verification};

#[cfg(test)]
pub(crate) use anchor::{AnchorDocument, Anchoring};
pub use anchor::{AnchorLedger, LedgerAnchor, anchors};
pub use append::append;
pub use hash::{Hashed, hash_blob};
pub use head::LedgerHead;
#[cfg(test)]
pub(crate) use round::Round;
pub(crate) use walk::{LedgerPlace, SegmentWalk, WalkItem};

pub use verify::{HashedRecordings, HeadLine, LedgerFinding, VerificationStep, Verified, Verify};
