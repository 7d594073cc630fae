//! Tests with queues of a storage account.

use std::collections::BTreeSet;
use std::sync::Arc;

use adapters_azure::{AzureQueues, Patience, StorageAccess};
use adapters_local::SystemClock;
use azurite::Azurite;
use host_stand_in::{FunctionFolder, HandlerPlace, Host, HostSettings, Setup, load};
use pipeline::ports::{Queue, QueueName};

use crate::support::{CannedAnswer, FakeHandler, HOST_JSON, QUEUE_FUNCTION, minutes};

const EVENTS: QueueName = QueueName::RecordingEvents;

/// Queues of an account used by no other test.
async fn queues() -> Arc<AzureQueues> {
    let account = Azurite::shared().unwrap().account().unwrap();
    let access =
        StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default()).unwrap();
    let queues = AzureQueues::new(&access, &account.queue_url.parse().unwrap()).unwrap();
    queues.create().await.unwrap();
    Arc::new(queues)
}

fn host(queues: &Arc<AzureQueues>, handler: &FakeHandler) -> Host {
    let settings = HostSettings::parse(HOST_JSON).unwrap();
    let (name, function_json) = QUEUE_FUNCTION;
    let functions = load(&[FunctionFolder { name, function_json }], &settings, &Default::default()).0;
    let (queue, handler) = (queues.clone(), HandlerPlace::at(handler.address));
    Host::new(Setup { settings, functions, handler, queue, clock: Arc::new(SystemClock), backlog: None, events: None })
}

#[tokio::test]
async fn a_message_goes_to_its_function_and_out_of_the_queue() {
    let (queues, handler) = (queues().await, FakeHandler::start(|_| CannedAnswer::DONE).await);
    let mut host = host(&queues, &handler);
    queues.send(EVENTS, r#"{"id":"x"}"#, minutes(0)).await.unwrap();
    assert!(!host.is_at_rest().await.unwrap());
    assert_eq!(host.step().await.unwrap(), None);
    assert_eq!(handler.seen()[0].body["Data"]["message"], r#""{\"id\":\"x\"}""#);
    assert!(host.is_at_rest().await.unwrap());
}

#[tokio::test]
async fn a_message_that_fails_stays_and_is_not_visible_at_once() {
    let (queues, handler) = (queues().await, FakeHandler::start(|_| CannedAnswer::UNAVAILABLE).await);
    let mut host = host(&queues, &handler);
    queues.send(EVENTS, "1", minutes(0)).await.unwrap();
    host.step().await.unwrap();
    assert_eq!((handler.seen().len(), queues.depth(EVENTS).await.unwrap()), (1, 1));
    assert!(!host.is_at_rest().await.unwrap());
}

#[tokio::test]
async fn two_instances_take_each_message_once() {
    let (queues, handler) = (queues().await, FakeHandler::start(|_| CannedAnswer::DONE).await);
    let (mut first, mut second) = (host(&queues, &handler), host(&queues, &handler));
    for number in 0..20 {
        queues.send(EVENTS, &number.to_string(), minutes(0)).await.unwrap();
    }
    let (one, other) = tokio::join!(first.step(), second.step());
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(queues.depth(EVENTS).await.unwrap(), 0);
    let seen: BTreeSet<String> =
        handler.seen().iter().map(|seen| seen.body["Data"]["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!((seen.len(), handler.seen().len()), (20, 20));
}
