//! The queues port on one storage account.

mod message;

use std::fmt;

use async_trait::async_trait;
use azure_core::http::Url;
use azure_storage_queue::models::{
    QueueClientGetPropertiesResultHeaders, QueueClientReceiveMessagesOptions, QueueClientSendMessageOptions,
    QueueMessage as Body,
};
use azure_storage_queue::{QueueClient, QueueServiceClient, QueueServiceClientOptions};
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Fault, Queue, QueueMessage, QueueName, Receipt};

use crate::client::{AccessError, Failure, ServiceAnswer, ServiceOptions, StorageAccess};
use domain::cloud::CalledService;
use message::LONGEST_BODY;

/// Most messages the service returns in one call.
const LONGEST_TAKING: usize = 32;

/// Queues of one storage account. Message texts are Base64.
pub struct AzureQueues {
    service: QueueServiceClient,
}

impl AzureQueues {
    /// Connects to the queues at this queue endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn new(access: &StorageAccess, endpoint: &Url) -> Result<Self, AccessError> {
        let ServiceOptions { credential, options: client_options } = access.line(CalledService::Queue, endpoint)?;
        let options = QueueServiceClientOptions { client_options, ..QueueServiceClientOptions::default() };
        let service = QueueServiceClient::new(endpoint.clone(), credential, Some(options))
            .map_err(|source| AccessError::Client { address: endpoint.to_string(), source })?;
        Ok(Self { service })
    }

    /// Creates missing queues.
    pub async fn create(&self) -> Result<(), Fault> {
        try_join_all(QueueName::ALL.map(|queue| self.create_one(queue))).await.map(drop)
    }

    async fn create_one(&self, queue: QueueName) -> Result<(), Fault> {
        let object = format!("create queue {}", queue.as_str());
        match self.queue(queue, &object)?.create(None).await.map_err(Failure::from) {
            Err(failure) if failure.answer != ServiceAnswer::Exists => Err(failure.fault(object)),
            _ => Ok(()),
        }
    }

    /// Approximate number of messages in a queue, including hidden ones.
    pub async fn depth(&self, queue: QueueName) -> Result<usize, Fault> {
        let object = format!("count queue {}", queue.as_str());
        let answered = self.queue(queue, &object)?.get_properties(None).await;
        let count = answered.and_then(|answered| answered.approximate_messages_count());
        let count = count.map_err(|error| Failure::from(error).fault(object))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0))
    }

    /// Returns the insertion time of the oldest visible message, or `None` if no message is visible.
    pub async fn oldest(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        let object = format!("inspect queue {}", queue.as_str());
        let answered = match self.queue(queue, &object)?.peek_messages(None).await {
            Ok(answer) => answer.into_model(),
            Err(error) => Err(error),
        };
        let answered = answered.map_err(|error| Failure::from(error).fault(object))?;
        let first = answered.items.unwrap_or_default().into_iter().find_map(|message| message.insertion_time);
        Ok(first.and_then(|at| Timestamp::from_second(at.unix_timestamp()).ok()))
    }

    fn queue(&self, queue: QueueName, object: &str) -> Result<QueueClient, Fault> {
        self.service.queue_client(queue.as_str()).map_err(|error| Failure::from(error).fault(object))
    }

    /// Receives up to `limit` messages with one call.
    async fn take(&self, queue: QueueName, limit: usize, hidden_for: SignedDuration) -> Result<Taking, Fault> {
        let object = format!("receive from queue {}", queue.as_str());
        let options = QueueClientReceiveMessagesOptions {
            number_of_messages: i32::try_from(limit).ok(),
            visibility_timeout: Some(message::seconds(hidden_for, 1)),
            ..QueueClientReceiveMessagesOptions::default()
        };
        let answer = match self.queue(queue, &object)?.receive_messages(Some(options)).await {
            Ok(answer) => answer.into_model(),
            Err(error) => Err(error),
        };
        let answered = answer.map_err(|error| Failure::from(error).fault(object))?.items.unwrap_or_default();
        Ok(Taking {
            is_last: answered.len() < limit,
            messages: answered.into_iter().filter_map(message::taken).collect(),
        })
    }
}

struct Taking {
    messages: Vec<QueueMessage>,
    /// True if the service returned fewer messages than requested.
    is_last: bool,
}

#[async_trait]
impl Queue for AzureQueues {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        let object = format!("send to queue {}", queue.as_str());
        if body.len() > LONGEST_BODY {
            let reason = format!("a message has at most {LONGEST_BODY} bytes, this one has {}", body.len());
            return Err(Fault::permanent(object, reason));
        }
        let options = QueueClientSendMessageOptions {
            visibility_timeout: Some(message::seconds(delay, 0)),
            message_time_to_live: Some(-1),
            ..QueueClientSendMessageOptions::default()
        };
        let queue = self.queue(queue, &object)?;
        let sent = match (Body { message_text: Some(message::encoded(body)) }).try_into() {
            Ok(text) => queue.send_message(text, Some(options)).await,
            Err(error) => Err(error),
        };
        sent.map(drop).map_err(|error| Failure::from(error).fault(object))
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        let mut messages = Vec::new();
        while messages.len() < limit {
            let room = (limit - messages.len()).min(LONGEST_TAKING);
            match self.take(queue, room, hidden_for).await {
                Ok(taking) => {
                    messages.extend(taking.messages);
                    if taking.is_last {
                        break;
                    }
                }
                Err(fault) if messages.is_empty() => return Err(fault),
                Err(fault) => {
                    // Messages received so far are hidden from other consumers, so the caller must get them despite
                    // the fault.
                    tracing::warn!(%fault, "some messages were left in the queue");
                    break;
                }
            }
        }
        Ok(messages)
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        let object = format!("release a message of queue {}", queue.as_str());
        let queue = self.queue(queue, &object)?;
        // Without a text, the message keeps its present one.
        let released = queue.update_message(&receipt.id, &receipt.pop, message::seconds(delay, 0), None).await;
        held(released, object)
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        let object = format!("delete a message of queue {}", queue.as_str());
        let queue = self.queue(queue, &object)?;
        held(queue.delete_message(&receipt.id, &receipt.pop, None).await, object)
    }
}

/// True if the receipt was still valid.
fn held<T>(answer: azure_core::Result<T>, object: String) -> Result<bool, Fault> {
    match answer.map_err(Failure::from) {
        Ok(_) => Ok(true),
        Err(failure) if failure.answer == ServiceAnswer::NotFound => Ok(false),
        Err(failure) if matches!(failure.code(), Some("MessageNotFound" | "PopReceiptMismatch")) => Ok(false),
        Err(failure) => Err(failure.fault(object)),
    }
}

impl fmt::Debug for AzureQueues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AzureQueues({})", self.service.url())
    }
}
