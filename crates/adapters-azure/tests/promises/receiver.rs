//! Where notifications arrive.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use adapters_azure::testing::Mishaps;
use async_trait::async_trait;
use domain::delivery::Answer;
use pipeline::ports::{Channel, Envelope};

/// Writes down the ids that it accepts; it accepts everything unless told otherwise.
#[derive(Debug, Default)]
pub struct Receiver {
    answers: Mutex<VecDeque<Answer>>,
    accepted: Mutex<Vec<String>>,
}

impl Receiver {
    /// Gives this answer once.
    pub fn will_answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// The ids of all that was accepted.
    pub fn heard(&self) -> BTreeSet<String> {
        self.accepted.lock().unwrap().iter().cloned().collect()
    }

    /// How many were accepted although they had been before.
    pub fn repeats(&self) -> usize {
        let accepted = self.accepted.lock().unwrap().len();
        accepted - self.heard().len()
    }
}

/// The way to a receiver of one incarnation, on which nothing goes once it is dead.
pub struct Way {
    pub to: Arc<Receiver>,
    pub of: Arc<Mishaps>,
}

#[async_trait]
impl Channel for Way {
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
        if self.of.is_dead() {
            return Answer::Refused { reason: "the program is dead".to_owned() };
        }
        let answer = self.to.answers.lock().unwrap().pop_front().unwrap_or(Answer::Accepted);
        if answer == Answer::Accepted {
            self.to.accepted.lock().unwrap().push(envelope.id.as_str().to_owned());
        }
        answer
    }
}
