//! Orders to fire functions by hand.

use std::sync::Arc;

use host_protocol::host::TimerRun;
use jiff::SignedDuration;
use pipeline::ports::{QueueMessage, Receipt};
use tokio::sync::mpsc;

use crate::function::{FunctionDefinition, Trigger};
use crate::invoker::Invoker;

/// Accepts orders to fire functions; [`AdminServer`](crate::AdminServer) offers this over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct ByHand {
    functions: Arc<[FunctionDefinition]>,
    orders: mpsc::Sender<ManualRun>,
}

/// Function to fire and its input text.
#[derive(Debug)]
pub(crate) struct ManualRun {
    function: FunctionDefinition,
    input: String,
}

/// Reason why an order is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ManualRunRefused {
    UnknownFunction,
    TooMany,
}

/// Maximum number of waiting orders; further ones are refused.
const WAITING_ORDERS: usize = 64;

impl ByHand {
    /// HTTP functions are excluded, because only requests fire them.
    pub(crate) fn new(functions: &[FunctionDefinition]) -> (Self, mpsc::Receiver<ManualRun>) {
        let (orders, received) = mpsc::channel(WAITING_ORDERS);
        let functions = functions.iter().filter(|function| !matches!(function.trigger, Trigger::Http { .. }));
        (Self { functions: functions.cloned().collect(), orders }, received)
    }

    /// Orders a function by name, case-insensitively as the host does.
    pub(crate) fn order(&self, name: &str, input: String) -> Result<(), ManualRunRefused> {
        let function = self.functions.iter().find(|function| function.name.eq_ignore_ascii_case(name));
        let function = function.ok_or(ManualRunRefused::UnknownFunction)?.clone();
        self.orders.try_send(ManualRun { function, input }).map_err(|_| ManualRunRefused::TooMany)
    }
}

impl ManualRun {
    /// Fires the function: a queue function with the input as its message, a timer without it.
    ///
    /// A failure is only logged.
    pub(crate) async fn fire(self, invoker: &Invoker) {
        let now = invoker.now();
        match &self.function.trigger {
            Trigger::Queue(_) => {
                let receipt = Receipt { id: "by-hand".to_owned(), pop: String::new() };
                let message =
                    QueueMessage { body: self.input, is_encoded: true, dequeue_count: 1, inserted_at: now, receipt };
                invoker.fire_message(&self.function, &message, SignedDuration::ZERO).await;
            }
            Trigger::Timer { schedule, .. } => {
                let run = TimerRun { last: None, next: schedule.next_after(now), is_past_due: false };
                invoker.fire_timer(&self.function, &run).await;
            }
            Trigger::Http { .. } => {}
        }
    }
}
