//! Functions that somebody fires by hand.

use std::sync::Arc;

use host_protocol::host::TimerRun;
use jiff::SignedDuration;
use pipeline::ports::{QueueMessage, Receipt};
use tokio::sync::mpsc;

use crate::function::{Function, Trigger};
use crate::invoker::Invoker;

/// Takes orders to fire functions; [`AdminServer`](crate::AdminServer) does so over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct ByHand {
    functions: Arc<[Function]>,
    orders: mpsc::Sender<Order>,
}

/// One function to fire, with the text it is to get.
#[derive(Debug)]
pub(crate) struct Order {
    function: Function,
    input: String,
}

/// Why an order was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    UnknownFunction,
    TooMany,
}

/// More orders than this wait nowhere.
const WAITING_ORDERS: usize = 64;

impl ByHand {
    /// HTTP functions are fired by requests alone.
    pub(crate) fn new(functions: &[Function]) -> (Self, mpsc::Receiver<Order>) {
        let (orders, received) = mpsc::channel(WAITING_ORDERS);
        let functions = functions.iter().filter(|function| !matches!(function.trigger, Trigger::Http { .. }));
        (Self { functions: functions.cloned().collect(), orders }, received)
    }

    /// Orders a function to be fired soon. The host finds functions without regard to case.
    pub(crate) fn order(&self, name: &str, input: String) -> Result<(), Refused> {
        let function = self.functions.iter().find(|function| function.name.eq_ignore_ascii_case(name));
        let function = function.ok_or(Refused::UnknownFunction)?.clone();
        self.orders.try_send(Order { function, input }).map_err(|_| Refused::TooMany)
    }
}

impl Order {
    /// Fires the function: a queue function with the input as its message, a timer without it.
    ///
    /// Nothing comes back after a failure: whoever fires by hand looks at the log.
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
