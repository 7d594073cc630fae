//! Telemetry of sent messages and of attempts at channels. Does nothing without a collector.

mod channel;
mod queue;

pub use channel::WatchedChannel;
pub use queue::WatchedQueue;
