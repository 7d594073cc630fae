//! Support for tests and benchmarks: counting what goes over the wire, and failing on purpose just before it.

mod mishap;
mod tally;

pub use mishap::{Mishap, Mishaps};
pub use tally::Tally;
