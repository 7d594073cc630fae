//! Writes invocations as the host does and sends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use host_protocol::host::{HostQueueMessage as HostMessage, Sys, TimerRun};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Clock, QueueMessage};
use tracing::{error, warn};

use crate::calls::Calls;
use crate::function::FunctionDefinition;
use crate::guid::guid;
use crate::handler::{Handler, InvocationResult};

/// Fires the functions of one handler.
pub(crate) struct Invoker {
    handler: Handler,
    clock: Arc<dyn Clock>,
    guids: AtomicU64,
    calls: Calls,
}

/// Local messages never expire, which the service writes as the end of time.
const NEVER: Timestamp = Timestamp::MAX;

impl Invoker {
    pub(crate) fn new(handler: Handler, clock: Arc<dyn Clock>) -> Self {
        Self { handler, clock, guids: AtomicU64::new(0), calls: Calls::none() }
    }

    pub(crate) fn handler(&self) -> &Handler {
        &self.handler
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.calls
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Fires a queue function with a message hidden from others for `hidden_for`.
    pub(crate) async fn fire_message(
        &self,
        function: &FunctionDefinition,
        message: &QueueMessage,
        hidden_for: SignedDuration,
    ) -> InvocationResult {
        let now = self.now();
        let message = HostMessage {
            text: &message.body,
            id: &message.receipt.id,
            dequeue_count: message.dequeue_count.into(),
            inserted_at: message.inserted_at,
            expires_at: NEVER,
            next_visible_at: now.saturating_add(hidden_for).unwrap_or(NEVER),
            pop_receipt: &message.receipt.pop,
        };
        self.calls.message_begins();
        let ending = self.fire(function, now, |sys| message.invocation(&function.binding, sys)).await;
        self.calls.message_ends();
        ending
    }

    /// Fires a timer function.
    pub(crate) async fn fire_timer(&self, function: &FunctionDefinition, run: &TimerRun) -> InvocationResult {
        self.fire(function, self.now(), |sys| run.invocation(&function.binding, sys)).await
    }

    /// Returns an id for a proxied request, which is not [fired](Self::fire_message).
    pub(crate) fn invocation_id(&self) -> String {
        self.guid(self.now())
    }

    fn guid(&self, now: Timestamp) -> String {
        guid(now.as_nanosecond() as u64, self.guids.fetch_add(1, Ordering::Relaxed))
    }

    async fn fire(
        &self,
        function: &FunctionDefinition,
        now: Timestamp,
        write: impl FnOnce(&Sys<'_>) -> Result<String, serde_json::Error>,
    ) -> InvocationResult {
        let (invocation, rand_guid) = (self.guid(now), self.guid(now));
        let sys = Sys { function: &function.name, utc_now: now, rand_guid: &rand_guid };
        let ending = match write(&sys) {
            Ok(body) => self.handler.invoke(&function.name, &invocation, body).await,
            Err(error) => InvocationResult::Failed(format!("the invocation cannot be written: {error}")),
        };
        self.calls.ended(&function.name, &ending);
        match &ending {
            InvocationResult::Succeeded => {}
            InvocationResult::Failed(reason) => {
                warn!(function = function.name, invocation, reason, "invocation failed");
            }
            InvocationResult::Hung => {
                error!(function = function.name, invocation, "empty answer: the host would hang here");
            }
        }
        ending
    }
}
