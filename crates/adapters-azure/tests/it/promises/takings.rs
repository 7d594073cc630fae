//! Records received messages, even if the answer never reached the archivist.

use std::sync::{Arc, Mutex};

use adapters_azure::{AzureQueues, Policy};
use async_trait::async_trait;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Method, Request};
use jiff::SignedDuration;
use pipeline::ports::{Queue, QueueName, Receipt};

/// Records receipts of poison queues, so tests can show the messages again without waiting: the emulator hides
/// messages by the machine's clock.
#[derive(Debug, Default)]
pub struct Takings(Mutex<Vec<(QueueName, Receipt)>>);

impl Takings {
    /// Ends the hidden time of all recorded messages.
    pub async fn show_again(&self, queues: &AzureQueues) {
        let taken = std::mem::take(&mut *self.0.lock().unwrap());
        for (queue, receipt) in taken {
            // Returns false for a message deleted since.
            queues.release(queue, &receipt, SignedDuration::ZERO).await.unwrap();
        }
    }

    fn note(&self, queue: QueueName, answer: &str) {
        let receipts = answer.split("<QueueMessage>").skip(1).filter_map(|message| {
            Some(Receipt { id: element(message, "MessageId")?, pop: element(message, "PopReceipt")? })
        });
        self.0.lock().unwrap().extend(receipts.map(|receipt| (queue, receipt)));
    }
}

/// Text of the first element with this name.
pub fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(text, _)| text.to_owned())
}

fn poison_queue(request: &Request) -> Option<QueueName> {
    let poison = QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none());
    let path = request.url().path();
    poison.into_iter().find(|queue| path.ends_with(&format!("/{}/messages", queue.as_str())))
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Takings {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let answer = next[0].send(context, request, &next[1..]).await?;
        let Some(queue) = poison_queue(request).filter(|_| request.method() == Method::Get) else {
            return Ok(answer);
        };
        let (status, headers, body) = answer.deconstruct();
        let body = body.collect().await?;
        self.note(queue, &String::from_utf8_lossy(&body));
        Ok(AsyncRawResponse::from_bytes(status, headers, body))
    }
}
