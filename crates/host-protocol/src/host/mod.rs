//! The host's side, for whatever stands in for it: writing invocations, judging answers.

mod answer;
mod binding_data;
mod queue;
mod timer;

use jiff::Timestamp;
use serde::Serialize;

pub use answer::{Answer, Reaction};
pub use queue::QueueMessage;
pub use timer::TimerRun;

/// What the host adds to the metadata of every invocation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sys<'a> {
    /// The function's name.
    #[serde(rename = "MethodName")]
    pub function: &'a str,
    /// When the invocation is written.
    pub utc_now: Timestamp,
    /// A new GUID for every invocation.
    pub rand_guid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<D, M> {
    data: D,
    metadata: M,
}
