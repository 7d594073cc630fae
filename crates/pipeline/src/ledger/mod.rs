//! The ledger: facts are appended, and what stands there is verified.
//!
//! Whoever has facts calls [`append`] with them, as often as need be; whoever doubts calls [`Verify`]. Once a day the chain is
//! verified unasked, and people hear where it is broken.

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

pub use append::append;
pub use hash::{Hashed, hash_blob};
#[cfg(test)]
pub(crate) use round::Round;
pub use verify::{Finding, Recordings, Step, Verified, Verify};
