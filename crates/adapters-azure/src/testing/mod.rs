//! Support for tests and benchmarks: counting what goes over the wire, and failing on purpose just before it.

mod label;
mod log;
mod mishap;
mod recording;
mod tally;

pub use log::{append_to_log, begin_log};
pub use mishap::{Mishap, Mishaps};
pub use recording::write_recording;
pub use tally::Tally;
