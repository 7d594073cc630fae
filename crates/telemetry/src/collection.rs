//! The way to the collector: a bounded queue, batches, a limit for every request, and nobody who waits.

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
use crate::layer::{Heard, TraceLayer};
use crate::metrics::Metrics;
use crate::names::DROPPED;
use crate::otlp;
use crate::span::Span;

/// How many spans wait at most; about a megabyte.
pub(crate) const ROOM: usize = 2_048;
/// How many spans one request brings at most.
const BATCH: usize = 512;
/// How long the first span of a request waits for others.
const SPANS_WAIT: Duration = Duration::from_secs(5);
/// How often metrics are sent.
const METRICS_EVERY: Duration = Duration::from_secs(60);
/// How long one request may take.
const LIMIT: Duration = Duration::from_secs(10);

/// What a request brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Metrics.
    Metrics,
}

impl Signal {
    /// Where it goes, below the collector's URL.
    pub fn path(self) -> &'static str {
        match self {
            Self::Traces => "v1/traces",
            Self::Metrics => "v1/metrics",
        }
    }
}

/// Why a collector has not taken a request. It is not sent again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the collector has not taken it: {0}")]
pub struct NotSent(pub String);

/// Posts JSON to the collector.
#[async_trait]
pub trait Sending: Send + Sync {
    /// Makes one request. What is wrong with it must not tell the URL, nor headers.
    async fn send(&self, signal: Signal, body: String) -> Result<(), NotSent>;
}

/// A task that sends what a [`TraceLayer`] hears, until it is ended.
#[derive(Debug)]
pub struct Collection {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Begins to collect. `now` gives nanoseconds since 1970. Call it within a runtime of `tokio` with time.
pub fn start(
    resource: Resource,
    now: impl Fn() -> u64 + Send + Sync + 'static,
    sending: Arc<dyn Sending>,
) -> (TraceLayer, Collection) {
    let (over, waiting) = mpsc::channel(ROOM);
    let (stop, stopped) = oneshot::channel();
    let since = now();
    let heard = Arc::new(Heard {
        ids: Ids::default(),
        now: Box::new(now),
        over,
        dropped: AtomicU64::new(0),
        metrics: Metrics::default(),
        app: resource.app.clone(),
        had_call: AtomicBool::new(false),
    });
    let worker = Worker { heard: heard.clone(), resource, since, sending, is_failing: false };
    (TraceLayer::new(heard), Collection { stop, task: tokio::spawn(worker.work(waiting, stopped)) })
}

impl Collection {
    /// Sends what is left, as far as `within` allows.
    pub async fn end(self, within: Duration) {
        let Self { stop, mut task } = self;
        // Nobody hears it where the task has ended by itself.
        let _ = stop.send(());
        if timeout(within, &mut task).await.is_err() {
            task.abort();
            tracing::warn!("the collector does not answer, what it was to be told last is lost");
        }
    }
}

struct Worker {
    heard: Arc<Heard>,
    resource: Resource,
    since: u64,
    sending: Arc<dyn Sending>,
    is_failing: bool,
}

impl Worker {
    async fn work(mut self, mut waiting: mpsc::Receiver<Span>, mut stop: oneshot::Receiver<()>) {
        let mut metrics_at = Instant::now() + METRICS_EVERY;
        let mut batch = Vec::new();
        loop {
            let gathered = tokio::select! {
                biased;
                _ = &mut stop => break,
                gathered = gather(&mut waiting, &mut batch, metrics_at) => gathered,
            };
            if gathered.is_err() {
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

    async fn send_spans(&mut self, batch: &mut Vec<Span>) {
        if batch.is_empty() {
            return;
        }
        let body = otlp::traces(&self.resource, batch);
        let count = batch.len() as u64;
        batch.clear();
        if !self.send(Signal::Traces, body).await {
            self.heard.dropped.fetch_add(count, Ordering::Relaxed);
        }
    }

    async fn send_metrics(&mut self) {
        let heard = &self.heard;
        let dropped = heard.dropped.swap(0, Ordering::Relaxed);
        heard.metrics.take(&DROPPED, dropped as f64, &Vec::new());
        let body = otlp::metrics(&self.resource, &heard.metrics.snapshot(), self.since, (heard.now)());
        self.send(Signal::Metrics, body).await;
    }

    /// Says so once where it begins to fail, and once where it works again.
    async fn send(&mut self, signal: Signal, body: String) -> bool {
        let sent = timeout(LIMIT, self.sending.send(signal, body)).await;
        let error = match sent {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => Some(NotSent("no answer in time".to_owned())),
        };
        if let Some(error) = error.as_ref().filter(|_| !self.is_failing) {
            tracing::warn!(%error, "traces and metrics are lost until the collector takes them");
        } else if error.is_none() && self.is_failing {
            tracing::info!("the collector takes traces and metrics again");
        }
        self.is_failing = error.is_some();
        error.is_none()
    }
}

/// Fills the batch, and gives up waiting for more some time after its first span. An error where metrics are due first.
async fn gather(
    waiting: &mut mpsc::Receiver<Span>,
    batch: &mut Vec<Span>,
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
