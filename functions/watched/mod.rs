//! Telemetry of calls, inputs, messages and attempts. Does nothing without a collector.

mod call;
mod channel;
mod message;
mod queue;
mod sending;
mod storage_event;

pub use call::CallSpan;
pub use channel::WatchedChannel;
pub use message::message;
pub use queue::WatchedQueue;
pub use sending::collect;
pub use storage_event::{Heard, catalogued, happening};
