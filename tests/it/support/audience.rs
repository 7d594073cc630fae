//! A channel that stores its notifications.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use pipeline::ports::{Channel, ChannelMessage};
use serde_json::Value;

/// A receiver that accepts everything and deduplicates by id.
#[derive(Debug, Default)]
pub struct Audience(Mutex<Vec<Heard>>);

#[derive(Debug)]
struct Heard {
    id: String,
    event: &'static str,
    body: Value,
}

impl Audience {
    /// Returns the received event types in order.
    pub fn heard(&self) -> Vec<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|heard| heard.event).collect()
    }

    /// Returns the received bodies in order.
    pub fn bodies(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|heard| heard.body.clone()).collect()
    }

    /// Returns the body of the only notification. Panics if there is not exactly one.
    pub fn only_body(&self) -> Value {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [only] = heard.as_slice() else {
            panic!("{} notifications were received", heard.len())
        };
        only.body.clone()
    }
}

#[async_trait]
impl Channel for Audience {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let id = envelope.id.as_str();
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.iter().all(|known| known.id != id) {
            let body = serde_json::from_str(envelope.body).unwrap();
            heard.push(Heard { id: id.to_owned(), event: envelope.event.name(), body });
        }
        ChannelAnswer::Accepted
    }
}
