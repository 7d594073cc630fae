//! Counts function calls by result.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pipeline::ports::QueueName;
use tokio::sync::watch;

use crate::handler::InvocationResult;

/// Call counters of one host. Clones share the counters.
#[derive(Debug, Clone)]
pub struct Calls {
    counted: Arc<Mutex<CallCounts>>,
    messages: watch::Sender<Messages>,
}

/// Counts so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// Calls by function name; only called functions are present.
    pub functions: BTreeMap<String, Ended>,
    /// Number of messages moved to each poison queue.
    pub given_up: BTreeMap<QueueName, u64>,
}

/// Calls of one function by result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ended {
    /// Succeeded; for a proxied request: the handler responded, with any status.
    pub well: u64,
    /// Ended in any other way.
    pub badly: u64,
}

/// Number of started and of ended calls with a message, retries included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Messages {
    /// Started calls.
    pub begun: u64,
    /// Ended calls.
    pub ended: u64,
}

impl Calls {
    pub(crate) fn none() -> Self {
        Self { counted: Arc::default(), messages: watch::Sender::default() }
    }

    /// Returns the counts so far.
    pub fn counted(&self) -> CallCounts {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns a receiver that is notified when a call with a message starts or ends.
    pub fn messages(&self) -> watch::Receiver<Messages> {
        self.messages.subscribe()
    }

    pub(crate) fn message_begins(&self) {
        self.messages.send_modify(|messages| messages.begun += 1);
    }

    pub(crate) fn message_ends(&self) {
        self.messages.send_modify(|messages| messages.ended += 1);
    }

    pub(crate) fn ended(&self, function: &str, ending: &InvocationResult) {
        self.count(function, *ending == InvocationResult::Succeeded);
    }

    pub(crate) fn answered(&self, function: &str, is_answered: bool) {
        self.count(function, is_answered);
    }

    pub(crate) fn given_up(&self, poison: QueueName) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner).given_up.entry(poison).or_default() += 1;
    }

    fn count(&self, function: &str, is_well: bool) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = counted.functions.entry(function.to_owned()).or_default();
        *if is_well { &mut ended.well } else { &mut ended.badly } += 1;
    }
}
