//! Protocol of the Functions host: calls, answers, counts.
//!
//! A function gets a payload and returns an [`Outcome`]. Only `outcome` knows status codes.

mod answer;
mod counts;
mod deadline;
mod in_time;
mod outcome;
mod set_aside;
mod storage_events;
mod who;

pub use answer::{BODY_LIMIT, Call, answer, invocation_id};
pub use counts::{Count, Counts};
pub use deadline::{Deadline, LIMIT};
pub use host_protocol::{Invocation, NotAnInvocation, TimerInfo};
pub use in_time::{Unanswered, in_time};
pub use outcome::Outcome;
pub use set_aside::{Broken, set_aside};
pub use storage_events::{TakeIn, take_in_storage_events};
pub use who::Who;
