//! How often functions were called, and what became of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pipeline::ports::QueueName;
use tokio::sync::watch;

use crate::handler::Ending;

/// The calls of one host's functions. Copies share what they count.
#[derive(Debug, Clone)]
pub struct Calls {
    counted: Arc<Mutex<Counted>>,
    messages: watch::Sender<Messages>,
}

/// What was counted so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The calls of each function that was called, by its name.
    pub functions: BTreeMap<String, Ended>,
    /// How many messages went to each poison queue.
    pub given_up: BTreeMap<QueueName, u64>,
}

/// How the calls of one function ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ended {
    /// Well; of a request that was passed on: with an answer, whatever it says.
    pub well: u64,
    /// In any other way.
    pub badly: u64,
}

/// How many calls with a message were begun, and how many of them have ended, repetitions included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Messages {
    /// Begun.
    pub begun: u64,
    /// Ended.
    pub ended: u64,
}

impl Calls {
    pub(crate) fn none() -> Self {
        Self { counted: Arc::default(), messages: watch::Sender::default() }
    }

    /// What was counted so far.
    pub fn counted(&self) -> Counted {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How far the messages have come. Whoever has the receiver hears of each that begins or ends.
    pub fn messages(&self) -> watch::Receiver<Messages> {
        self.messages.subscribe()
    }

    pub(crate) fn message_begins(&self) {
        self.messages.send_modify(|messages| messages.begun += 1);
    }

    pub(crate) fn message_ends(&self) {
        self.messages.send_modify(|messages| messages.ended += 1);
    }

    pub(crate) fn ended(&self, function: &str, ending: &Ending) {
        self.count(function, *ending == Ending::Succeeded);
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
