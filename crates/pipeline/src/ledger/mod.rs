//! The ledger: facts are appended, and what stands there is verified.
//!
//! Whoever has facts calls [`append`] with them, as often as need be; whoever doubts calls [`Verify`].

mod append;
mod contents;
mod deletions;
mod end;
mod hash;
mod position;
mod verify;
mod walk;

pub use append::append;
pub use hash::{Hashed, hash_blob};
pub use verify::{Finding, Recordings, Step, Verified, Verify};
