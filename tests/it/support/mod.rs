//! Support for the tests: the functions in memory, receivers, and the real program.

mod app;
mod audience;
pub mod azure;
mod cloud_event;
mod collector;
pub mod envelope;
pub mod process;
mod receiver;
mod storage;

use std::fs;

pub use app::TestApp;
pub use audience::Audience;
pub use cloud_event::{SPAN, TRACE, cloud_event, traced_event};
pub use collector::{Collector, Span};
pub use receiver::{Received, Receiver};

/// Returns the text of a published or invented storage event.
pub fn event_fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/event-grid/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
