//! Protocol between the Functions host and its custom handler, for both sides.
//!
//! Pure functions over bytes. The handler opens an [`Invocation`] and responds with [`success_body`]; a stand-in of
//! the host writes invocations with [`host`] and judges responses as the host does.

mod door;
pub mod host;
mod invocation;
mod layers;
pub mod names;
mod response;
mod timer;

pub use door::{Knock, RequestRefusal};
pub use invocation::{Invocation, NotAnInvocation};
pub use response::{CONTENT_TYPE, success_body};
pub use timer::TimerInfo;
