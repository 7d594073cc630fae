//! Support for tests and benchmarks: counts requests and injects failures just before the transport.

mod label;
mod log;
mod mishap;
mod recording;
mod tally;

pub use log::{append_to_log, begin_log};
pub use mishap::{Mishap, Mishaps};
pub use recording::write_recording;
pub use tally::Tally;
