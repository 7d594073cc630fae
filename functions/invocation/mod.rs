//! Protocol of the Functions host: calls, answers, counts.
//!
//! A function gets a payload and returns an [`Outcome`]. Only `outcome` knows status codes.

mod answer;
mod caller;
mod counts;
mod deadline;
mod id;
pub mod instrumentation;
mod outcome;
mod set_aside;
mod storage_events;
mod with_deadline;

pub use answer::{BODY_LIMIT, Call, answer};
pub use caller::Caller;
pub use counts::{Count, Counts};
pub use deadline::{Deadline, LIMIT};
pub use host_protocol::{Invocation, NotAnInvocation, TimerInfo};
pub use id::invocation_id;
pub use outcome::{Outcome, RequestOutcome};
pub use set_aside::{Broken, set_aside};
pub use storage_events::{TakeIn, take_in_storage_events};
pub use with_deadline::{Unanswered, with_deadline};
