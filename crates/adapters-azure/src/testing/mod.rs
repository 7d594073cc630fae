//! Support for tests and benchmarks: counting what goes over the wire, and failing on purpose just before it.

mod label;
mod mishap;
mod recording;
mod tally;

pub use mishap::{Mishap, Mishaps};
pub use recording::write_recording;
pub use tally::Tally;
