//! Where notifications arrive.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use crate::ports::{Channel, Envelope};
use async_trait::async_trait;
use domain::delivery::Answer;
use domain::notification::Event;

/// One notification that came in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Received {
    /// Its id.
    pub id: String,
    /// What happened.
    pub event: Event,
    /// Its frozen body.
    pub body: String,
}

/// A receiver that writes down what it accepts; it accepts everything unless told otherwise.
#[derive(Debug, Default)]
pub struct Receiver {
    answers: Mutex<VecDeque<Answer>>,
    accepted: Mutex<Vec<Received>>,
}

impl Receiver {
    /// Gives this answer once, after those that were asked for before.
    pub fn will_answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// Everything accepted, repeats included, in the order in which it came.
    pub fn accepted(&self) -> Vec<Received> {
        self.accepted.lock().unwrap().clone()
    }

    /// The ids of all that was accepted.
    pub fn heard(&self) -> BTreeSet<String> {
        self.accepted.lock().unwrap().iter().map(|received| received.id.clone()).collect()
    }

    /// How many were accepted although they had been before.
    pub fn repeats(&self) -> usize {
        let accepted = self.accepted.lock().unwrap().len();
        accepted - self.heard().len()
    }
}

#[async_trait]
impl Channel for Receiver {
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Accepted);
        if answer == Answer::Accepted {
            self.accepted.lock().unwrap().push(Received {
                id: envelope.id.as_str().to_owned(),
                event: envelope.event,
                body: envelope.body.to_owned(),
            });
        }
        answer
    }
}
