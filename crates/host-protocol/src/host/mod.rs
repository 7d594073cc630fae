//! Host side of the protocol, for a stand-in: writes invocations and judges responses.

mod answer;
mod binding_data;
mod queue;
mod timer;

use jiff::Timestamp;
use serde::Serialize;

pub use answer::{HandlerResponse, Reaction};
pub use queue::HostQueueMessage;
pub use timer::TimerRun;

/// Metadata added by the host to every invocation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sys<'a> {
    /// Name of the function.
    #[serde(rename = "MethodName")]
    pub function: &'a str,
    /// Time at which the invocation is written.
    pub utc_now: Timestamp,
    /// New GUID for every invocation.
    pub rand_guid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<D, M> {
    data: D,
    metadata: M,
}
