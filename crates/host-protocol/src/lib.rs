//! What the Functions host and its custom handler say to each other, from both sides.
//!
//! Pure: bytes in, bytes out. The handler opens an [`Invocation`] and answers with [`success_body`]; whatever
//! stands in for the host writes invocations with [`host`] and judges answers as the host does.

mod door;
pub mod host;
mod invocation;
mod layers;
pub mod names;
mod response;
mod timer;

pub use door::{Knock, Refusal};
pub use invocation::{Invocation, NotAnInvocation};
pub use response::{CONTENT_TYPE, success_body};
pub use timer::TimerInfo;
