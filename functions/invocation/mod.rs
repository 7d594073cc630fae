//! Protocol of the Functions host: calls, answers, counts.
//!
//! A function gets a payload and returns an [`InvocationOutcome`]. Only `outcome` knows status codes.

mod answer;
mod caller;
mod counts;
mod deadline;
mod id;
pub mod instrumentation;
mod outcome;
mod quarantine_input;
mod storage_events;
mod with_deadline;

pub use answer::{BODY_LIMIT, Call, answer};
pub use caller::Caller;
pub use counts::{Counts, InvocationCount};
pub use deadline::Deadline;
pub use host_protocol::{Invocation, NotAnInvocation, TimerInfo};
pub use id::invocation_id;
pub use outcome::{InvocationOutcome, RequestOutcome};
pub use quarantine_input::{Broken, quarantine_input};
pub use storage_events::{EventHandler, handle_storage_events};
pub use with_deadline::{NoAnswer, with_deadline};
