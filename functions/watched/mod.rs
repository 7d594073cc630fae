//! What an operator watches: each call, input, message and attempt is told to `telemetry`, which is nobody where no
//! collector is set.

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
