//! Telemetry of calls, inputs and messages. Does nothing without a collector.

mod call;
mod message;
mod storage_event;

pub use call::CallSpan;
pub use message::message;
pub use storage_event::{EventInProgress, catalogued, happening};
