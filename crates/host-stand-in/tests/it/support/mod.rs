//! In-memory stand-in with a scripted handler.

mod handler;

use std::net::SocketAddr;
use std::sync::Arc;

use adapters_local::DrivenClock;
use adapters_local::folder::{Folder, FolderWatch};
use adapters_local::memory::{MemoryCatalogue, MemoryNotifications, MemoryQueue, MemorySessions};
use domain::address::{BlobAddress, ContainerAddress};
use host_stand_in::{
    Backlog, FolderEvents, FunctionFolder, HandlerEnvironment, HandlerPlace, Host, HostSettings, Setup, load,
};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Queue, QueueName};
use serde_json::json;
use tempfile::TempDir;

pub use handler::{CannedAnswer, FakeHandler, SeenCall, probe};

/// 2026-03-02T06:00:30Z.
pub const NOW: Timestamp = Timestamp::constant(1_772_431_230, 0);

pub struct Stage {
    pub host: Host,
    pub handler: FakeHandler,
    pub queue: Arc<MemoryQueue>,
    pub clock: Arc<DrivenClock>,
    pub folder: Folder,
    _directory: TempDir,
}

/// `visibilityTimeout` 5 minutes, 3 attempts, batches of 2 while at most 1 is in progress.
pub const HOST_JSON: &str = r#"{
    "version": "2.0",
    "customHandler": { "description": { "defaultExecutablePath": "archivist" },
        "enableProxyingHttpRequest": true },
    "functionTimeout": "00:04:00",
    "extensions": { "queues": {
        "batchSize": 2, "newBatchThreshold": 1, "maxDequeueCount": 3, "visibilityTimeout": "00:05:00"
    } }
}"#;

pub const LOG_FUNCTION: (&str, &str) = (
    "audit_log_landed",
    r#"{"bindings":[{"name":"message","type":"queueTrigger","direction":"in","queueName":"audit-log-events"}]}"#,
);

pub const QUEUE_FUNCTION: (&str, &str) = (
    "recording_landed",
    r#"{"bindings":[{"name":"message","type":"queueTrigger","direction":"in","queueName":"recording-events"}]}"#,
);

pub const TIMER_FUNCTION: (&str, &str) = (
    "join_sweep",
    r#"{"bindings":[{"name":"timer","type":"timerTrigger","direction":"in","schedule":"0 * * * * *"}]}"#,
);

impl Stage {
    pub async fn new(
        functions: &[(&str, &str)],
        answer: impl Fn(&SeenCall) -> CannedAnswer + Send + Sync + 'static,
    ) -> Self {
        let handler = FakeHandler::start(answer).await;
        let address = handler.address;
        Self::start(functions, handler, address).await
    }

    /// Like `new`, but with the handler at another address.
    pub async fn with_handler_at(functions: &[(&str, &str)], address: SocketAddr) -> Self {
        Self::start(functions, FakeHandler::start(|_| CannedAnswer::DONE).await, address).await
    }

    async fn start(functions: &[(&str, &str)], handler: FakeHandler, address: SocketAddr) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let folder = Folder::open(directory.path(), directory.path().join(".private")).unwrap();
        let watch = FolderWatch::open(folder.clone()).await.unwrap();
        let clock = Arc::new(DrivenClock::at(NOW));
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let folders: Vec<_> =
            functions.iter().map(|&(name, function_json)| FunctionFolder { name, function_json }).collect();
        let settings = HostSettings::parse(HOST_JSON).unwrap();
        let (functions, unusable) = load(&folders, &settings, &HandlerEnvironment::new());
        assert!(unusable.is_empty(), "{unusable:?}");
        let host = Host::new(Setup {
            settings,
            functions,
            handler: HandlerPlace::at(address),
            queue: queue.clone(),
            clock: clock.clone(),
            backlog: Some(Backlog {
                catalogue: Arc::new(MemoryCatalogue::default()),
                sessions: Arc::new(MemorySessions::default()),
                notifications: Arc::new(MemoryNotifications::default()),
            }),
            events: Some(FolderEvents::new(watch, queue.clone(), clock.clone()).with_audit_logs([audit_logs()])),
        });
        Self { host, handler, queue, clock, folder, _directory: directory }
    }

    pub async fn send(&self, body: &str) {
        self.send_later(body, SignedDuration::ZERO).await;
    }

    pub async fn send_later(&self, body: &str, delay: SignedDuration) {
        self.queue.send(QueueName::RecordingEvents, body, delay).await.unwrap();
    }

    pub async fn depth(&self, queue: QueueName) -> usize {
        self.queue.depth(queue).await.unwrap()
    }

    /// Drives the clock from step to step until `end`, or until nothing is due before it.
    pub async fn run_until(&mut self, end: Timestamp) {
        while let Some(next) = self.host.step().await.unwrap().filter(|next| *next <= end) {
            self.clock.advance_to(next);
        }
        self.clock.advance_to(end);
    }
}

pub fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Container of the audit logs.
pub fn audit_logs() -> ContainerAddress {
    ContainerAddress::parse("local", "insights-logs-bastionauditlogs").unwrap()
}

/// Blob in the recordings container.
pub fn blob(name: &str) -> BlobAddress {
    BlobAddress::parse("local", "recordings", name).unwrap()
}

/// Minimal storage event.
pub fn event() -> String {
    json!({ "id": "e1", "eventTime": "2026-03-02T06:00:00Z", "data": { "api": "PutBlob" } }).to_string()
}
