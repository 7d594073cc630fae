//! Appends facts to the ledger and verifies it.
//!
//! Writers call [`append`], which is idempotent; auditors run [`Verify`]. A daily round verifies the chain and
//! announces each break.

mod append;
mod contents;
mod deletions;
mod end;
mod hash;
mod position;
mod round;
mod rounds;
mod tell;
mod verify;
mod walk;
pub use rounds::VerifyLedger;
pub(crate) use rounds::known_breaks;

pub use append::append;
pub use hash::{Hashed, hash_blob};
#[cfg(test)]
pub(crate) use round::Round;
pub use verify::{HashedRecordings, LedgerFinding, VerificationStep, Verified, Verify};
