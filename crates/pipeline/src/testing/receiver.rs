//! Channel test double that records notifications.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use crate::ports::{Channel, ChannelMessage};
use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::Event;

/// Notification accepted by [`LoopbackReceiver`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReceivedPost {
    /// Notification id.
    pub id: String,
    /// Kind of event.
    pub event: Event,
    /// Frozen body.
    pub body: String,
}

/// Channel that records accepted notifications. Accepts everything unless set otherwise.
#[derive(Debug, Default)]
pub struct LoopbackReceiver {
    answers: Mutex<VecDeque<ChannelAnswer>>,
    accepted: Mutex<Vec<ReceivedPost>>,
}

impl LoopbackReceiver {
    /// Queues an answer for one future attempt.
    pub fn will_answer(&self, answer: ChannelAnswer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// Returns everything accepted, duplicates included, in order of arrival.
    pub fn accepted(&self) -> Vec<ReceivedPost> {
        self.accepted.lock().unwrap().clone()
    }

    /// Returns the ids of everything accepted.
    pub fn heard(&self) -> BTreeSet<String> {
        self.accepted.lock().unwrap().iter().map(|received| received.id.clone()).collect()
    }

    /// Returns the number of duplicates accepted.
    pub fn repeats(&self) -> usize {
        let accepted = self.accepted.lock().unwrap().len();
        accepted - self.heard().len()
    }
}

#[async_trait]
impl Channel for LoopbackReceiver {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(ChannelAnswer::Accepted);
        if answer == ChannelAnswer::Accepted {
            self.accepted.lock().unwrap().push(ReceivedPost {
                id: envelope.id.as_str().to_owned(),
                event: envelope.event,
                body: envelope.body.to_owned(),
            });
        }
        answer
    }
}
