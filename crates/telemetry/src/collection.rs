//! Sends spans and metrics to the collector: a bounded queue, batches, a timeout for every request, and no blocking of
//! the caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use crate::Resource;
use crate::ids::Ids;
use crate::layer::{TraceLayer, UnsentData};
use crate::metrics::Metrics;
use crate::names::DROPPED;
use crate::otlp;
use crate::span::TraceSpan;

/// Maximum number of queued spans, about a megabyte.
pub(crate) const ROOM: usize = 2_048;
/// Maximum number of spans per request.
const BATCH: usize = 512;
/// Maximum wait for more spans after the first one of a request.
const SPANS_WAIT: Duration = Duration::from_secs(5);
/// Interval at which metrics are sent.
const METRICS_EVERY: Duration = Duration::from_secs(60);
/// Timeout of a request.
const LIMIT: Duration = Duration::from_secs(10);

/// Content of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Metrics.
    Metrics,
}

impl Signal {
    /// Path below the collector's URL.
    pub fn path(self) -> &'static str {
        match self {
            Self::Traces => "v1/traces",
            Self::Metrics => "v1/metrics",
        }
    }
}

/// Reason why a collector did not accept a request. The request is not retried.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the collector did not accept it: {0}")]
pub struct NotSent(pub String);

/// Posts JSON to the collector.
#[async_trait]
pub trait Sending: Send + Sync {
    /// Makes one request. The error must reveal neither the URL nor headers.
    async fn send(&self, signal: Signal, body: String) -> Result<(), NotSent>;
}

/// Background task for sending the data of a [`TraceLayer`].
#[derive(Debug)]
pub struct Collection {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts collecting. `now` returns nanoseconds since 1970. Call it within a `tokio` runtime with time enabled.
pub fn start(
    resource: Resource,
    now: impl Fn() -> u64 + Send + Sync + 'static,
    sending: Arc<dyn Sending>,
) -> (TraceLayer, Collection) {
    let (over, waiting) = mpsc::channel(ROOM);
    let (stop, stopped) = oneshot::channel();
    let since = now();
    let unsent = Arc::new(UnsentData {
        ids: Ids::default(),
        now: Box::new(now),
        over,
        dropped: AtomicU64::new(0),
        metrics: Metrics::default(),
        app: resource.app.clone(),
        had_call: AtomicBool::new(false),
    });
    let worker = Worker { unsent: unsent.clone(), resource, since, sending, is_failing: false };
    (TraceLayer::new(unsent), Collection { stop, task: tokio::spawn(worker.work(waiting, stopped)) })
}

impl Collection {
    /// Sends the remaining data, for at most `within`.
    pub async fn end(self, within: Duration) {
        let Self { stop, mut task } = self;
        // Fails only if the task has already ended.
        let _ = stop.send(());
        if timeout(within, &mut task).await.is_err() {
            task.abort();
            tracing::warn!("the collector does not answer; the last traces and metrics are lost");
        }
    }
}

struct Worker {
    unsent: Arc<UnsentData>,
    resource: Resource,
    since: u64,
    sending: Arc<dyn Sending>,
    is_failing: bool,
}

impl Worker {
    async fn work(mut self, mut waiting: mpsc::Receiver<TraceSpan>, mut stop: oneshot::Receiver<()>) {
        let mut metrics_at = Instant::now() + METRICS_EVERY;
        let mut batch = Vec::new();
        loop {
            let filled = tokio::select! {
                biased;
                _ = &mut stop => break,
                filled = fill_batch(&mut waiting, &mut batch, metrics_at) => filled,
            };
            if filled.is_err() {
                metrics_at = Instant::now() + METRICS_EVERY;
                self.send_metrics().await;
            }
            self.send_spans(&mut batch).await;
        }
        while let Ok(span) = waiting.try_recv() {
            batch.push(span);
            if batch.len() == BATCH {
                self.send_spans(&mut batch).await;
            }
        }
        self.send_spans(&mut batch).await;
        self.send_metrics().await;
    }

    async fn send_spans(&mut self, batch: &mut Vec<TraceSpan>) {
        if batch.is_empty() {
            return;
        }
        let body = otlp::traces(&self.resource, batch);
        let count = batch.len() as u64;
        batch.clear();
        if !self.send(Signal::Traces, body).await {
            self.unsent.dropped.fetch_add(count, Ordering::Relaxed);
        }
    }

    async fn send_metrics(&mut self) {
        let unsent = &self.unsent;
        let dropped = unsent.dropped.swap(0, Ordering::Relaxed);
        unsent.metrics.take(&DROPPED, dropped as f64, &Vec::new());
        let body = otlp::metrics(&self.resource, &unsent.metrics.snapshot(), self.since, (unsent.now)());
        self.send(Signal::Metrics, body).await;
    }

    /// Sends a request. Logs the first failure and the recovery, but not the failures between them.
    async fn send(&mut self, signal: Signal, body: String) -> bool {
        let sent = timeout(LIMIT, self.sending.send(signal, body)).await;
        let error = match sent {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => Some(NotSent("no answer in time".to_owned())),
        };
        if let Some(error) = error.as_ref().filter(|_| !self.is_failing) {
            tracing::warn!(%error, "traces and metrics are lost until the collector accepts them");
        } else if error.is_none() && self.is_failing {
            tracing::info!("the collector accepts traces and metrics again");
        }
        self.is_failing = error.is_some();
        error.is_none()
    }
}

/// Fills the batch, waiting at most [`SPANS_WAIT`] after its first span. Returns an error if metrics are due first.
async fn fill_batch(
    waiting: &mut mpsc::Receiver<TraceSpan>,
    batch: &mut Vec<TraceSpan>,
    metrics_at: Instant,
) -> Result<(), tokio::time::error::Elapsed> {
    if batch.is_empty() {
        timeout_at(metrics_at, waiting.recv_many(batch, BATCH)).await?;
    }
    let until = metrics_at.min(Instant::now() + SPANS_WAIT);
    let full = async {
        while batch.len() < BATCH {
            waiting.recv_many(batch, BATCH - batch.len()).await;
        }
    };
    let is_full = timeout_at(until, full).await;
    if until == metrics_at { is_full } else { Ok(()) }
}
