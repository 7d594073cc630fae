//! The functions with ports in memory, called like the host.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{
    MemoryCatalogue, MemoryCheckpoints, MemoryLedger, MemoryNotifications, MemoryQuarantine, MemoryQueue,
    MemorySessions,
};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use axum::response::Response;
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::catalogue::Entry;
use domain::record::estate::Estate;
use domain::record::hold::Hold;
use functions::router::{App, router};
use futures_util::FutureExt;
use host_protocol::host::{HandlerResponse, Reaction};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Catalogue, Channel, Clock, ListRequest, QuarantinedInput, Queue, QueueName};
use pipeline::testing::{Gate, TestClock};
use pipeline::{Archivist, ArchivistSettings, Ports};
use tower::ServiceExt;
use wiring::instrumentation::{WatchedChannel, WatchedQueue};
use wiring::live::LiveArchivist;
use wiring::ready::Ready;
use wiring::settings::PageAccess;

use super::storage::{Storage, address, estate, estate_with_audit_log};
use super::{Audience, envelope};

/// Equal to `host.json`.
const VISIBILITY_TIMEOUT: SignedDuration = SignedDuration::from_mins(5);

/// The functions with their ports. Dropping it panics if deliveries are left in the queue, unless this is allowed.
pub struct TestApp {
    /// Makes port calls fail.
    pub gate: Arc<Gate>,
    /// Storage account of the app.
    pub storage: Storage,
    /// Default receiver of notifications.
    pub audience: Arc<Audience>,
    app: App,
    clock: Arc<TestClock>,
    ports: Ports,
    queue: Arc<MemoryQueue>,
    may_leave_deliveries: bool,
}

impl TestApp {
    /// Creates an app at 2025-11-05T09:00:00Z, whose only channel is its [`audience`](Self::audience).
    pub fn new() -> Self {
        let audience: Arc<Audience> = Arc::default();
        Self::assemble(audience.clone(), audience, estate(), rules(), |catalogue| catalogue)
    }

    /// Like [`new`](Self::new), but the bastion has an audit log.
    pub fn with_audit_log() -> Self {
        let audience: Arc<Audience> = Arc::default();
        Self::assemble(audience.clone(), audience, estate_with_audit_log(), rules(), |catalogue| catalogue)
    }

    /// Like [`with_audit_log`](Self::with_audit_log), but with a retention policy.
    pub fn with_policy(policy: Policy) -> Self {
        let audience: Arc<Audience> = Arc::default();
        let rules = Rules { retention: Some(Arc::new(policy)), ..rules() };
        Self::assemble(audience.clone(), audience, estate_with_audit_log(), rules, |catalogue| catalogue)
    }

    /// Like [`with_policy`](Self::with_policy), but with any bastions, and with times in this zone.
    pub fn with_estate(estate: Estate, policy: Policy, zone: TimeZone) -> Self {
        let audience: Arc<Audience> = Arc::default();
        let rules = Rules { retention: Some(Arc::new(policy)), ..rules() };
        Self::assembled(audience.clone(), audience, (estate, zone), rules, |catalogue| catalogue)
    }

    /// Like [`new`](Self::new), but with a different channel.
    pub fn with_channel(channel: Arc<dyn Channel>) -> Self {
        Self::assemble(channel, Arc::default(), estate(), rules(), |catalogue| catalogue)
    }

    /// Like [`new`](Self::new), but with a wrapped catalogue.
    pub fn with_catalogue(wrap: impl FnOnce(Arc<dyn Catalogue>) -> Arc<dyn Catalogue>) -> Self {
        let audience: Arc<Audience> = Arc::default();
        Self::assemble(audience.clone(), audience, estate(), rules(), wrap)
    }

    fn assemble(
        channel: Arc<dyn Channel>,
        audience: Arc<Audience>,
        estate: Estate,
        rules: Rules,
        wrap: impl FnOnce(Arc<dyn Catalogue>) -> Arc<dyn Catalogue>,
    ) -> Self {
        Self::assembled(channel, audience, (estate, TimeZone::UTC), rules, wrap)
    }

    fn assembled(
        channel: Arc<dyn Channel>,
        audience: Arc<Audience>,
        (estate, zone): (Estate, TimeZone),
        rules: Rules,
        wrap: impl FnOnce(Arc<dyn Catalogue>) -> Arc<dyn Catalogue>,
    ) -> Self {
        let clock = Arc::new(TestClock::at(time("2025-11-05T09:00:00Z")));
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let storage = Storage::new(clock.clone());
        let ports = Ports {
            ledger: Arc::new(MemoryLedger::default()),
            catalogue: wrap(Arc::new(MemoryCatalogue::default())),
            sessions: Arc::new(MemorySessions::default()),
            checkpoints: Arc::new(MemoryCheckpoints::default()),
            blobs: storage.blobs.clone(),
            queue: Arc::new(WatchedQueue::new(queue.clone(), clock.clone())),
            notifications: Arc::new(MemoryNotifications::default()),
            quarantine: Arc::new(MemoryQuarantine::default()),
            clock: clock.clone(),
        };
        let gate = Arc::new(Gate::open());
        let channel: Arc<dyn Channel> = Arc::new(WatchedChannel::new("only", channel));
        let settings = ArchivistSettings { rules, estate, channels: BTreeMap::from([("only".to_owned(), channel)]) };
        let archivist = Archivist::new(gate.around(&ports), settings).with_time_zone(zone);
        let app = App {
            live: LiveArchivist::fixed(archivist),
            counts: Arc::default(),
            ready: Ready::at_once(),
            pages: PageAccess::Loopback,
        };
        Self { gate, storage, audience, app, clock, ports, queue, may_leave_deliveries: false }
    }

    /// Sets the access to the pages.
    pub fn with_pages(mut self, pages: PageAccess) -> Self {
        self.app.pages = pages;
        self
    }

    /// Allows deliveries to be left in the queue at the end.
    pub fn may_leave_deliveries(mut self) -> Self {
        self.may_leave_deliveries = true;
        self
    }

    /// Sets the clock.
    pub fn at(&self, now: &str) {
        self.clock.set(time(now));
    }

    /// Advances the clock.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Delivers an Event Grid message for the first time. Returns the response status.
    pub async fn storage_event(&self, message: &str) -> u16 {
        self.host_hands("recording_landed", message).await
    }

    /// Passes a queue message to a function for the first time. Returns the response status.
    pub async fn host_hands(&self, function: &str, message: &str) -> u16 {
        self.call(function, envelope::queue(function, message, 1, self.clock.now())).await
    }

    /// Moves a message to the poison queue, as the host does after its last try.
    pub async fn host_gives_up(&self, queue: QueueName, message: &str) {
        self.queue.send(queue.poison().unwrap(), message, SignedDuration::ZERO).await.unwrap();
    }

    /// Fires the timer of a function. Returns the response status.
    pub async fn host_fires(&self, function: &str) -> u16 {
        self.call(function, envelope::timer(function, self.clock.now())).await
    }

    /// Calls `notification_delivery` for every visible message by the host's rules: a message is deleted on success,
    /// and otherwise becomes visible again after the visibility timeout. Returns the response statuses.
    pub async fn deliver_all(&self) -> Vec<u16> {
        let (queue, name) = (&self.ports.queue, QueueName::Notifications);
        let mut statuses = Vec::new();
        loop {
            let messages = queue.receive(name, 32, SignedDuration::from_mins(10)).await.unwrap();
            if messages.is_empty() {
                return statuses;
            }
            for message in messages {
                let count = message.dequeue_count.into();
                let body = envelope::queue("notification_delivery", &message.body, count, self.clock.now());
                let status = self.call("notification_delivery", body).await;
                let held = match status {
                    200 => queue.delete(name, &message.receipt).await.unwrap(),
                    _ => queue.release(name, &message.receipt, VISIBILITY_TIMEOUT).await.unwrap(),
                };
                assert!(held, "no other receiver took the message");
                statuses.push(status);
            }
        }
    }

    /// Returns the time until the next delivery.
    pub async fn next_delivery_in(&self) -> SignedDuration {
        let at = self.queue.next_visible_at(QueueName::Notifications).await.unwrap();
        at.expect("a delivery waits").duration_since(self.clock.now())
    }

    /// Calls a function with any body, and checks that the host completes the call with the response. Returns the
    /// response status.
    pub async fn call(&self, function: &str, body: impl Into<Body>) -> u16 {
        let request = Request::post(format!("/{function}"))
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header("x-azure-functions-invocationid", envelope::INVOCATION_ID)
            .body(body.into())
            .unwrap();
        let (status, content_type, body) = self.request(request).await;
        let answer = HandlerResponse { status, content_type: content_type.as_deref(), body: &body };
        let expected = match status {
            200 => Reaction::Succeeds,
            _ => Reaction::Fails("the status is not 2xx"),
        };
        assert_eq!(answer.reaction(None), expected, "{function}");
        status
    }

    /// Sends a request. Returns status, content type and body of the response.
    pub async fn request(&self, request: Request<Body>) -> (u16, Option<String>, Vec<u8>) {
        let response = self.response(request).await;
        let content_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        (status, content_type, to_bytes(response.into_body(), usize::MAX).await.unwrap().into())
    }

    /// Sends a request.
    pub async fn response(&self, request: Request<Body>) -> Response {
        self.router().oneshot(request).await.unwrap()
    }

    /// Returns the routes for a server.
    pub fn router(&self) -> Router {
        router(self.app.clone())
    }

    /// Returns the counted outcomes of a function as `outcome reason: count`.
    pub fn counted(&self, function: &str) -> Vec<String> {
        let counts = self.app.counts.snapshot().into_iter().filter(|count| count.function == function);
        counts.map(|count| format!("{} {}: {}", count.outcome, count.reason, count.count).replace(" :", ":")).collect()
    }

    /// Returns the ports.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Counts recordings and sessions once. Returns true if some are left to count.
    pub async fn summarise(&self) -> bool {
        self.app.live.archivist().await.summary.summarise(&|| true).await.unwrap().unfinished
    }

    /// Places a hold.
    pub async fn place_hold(&self, hold: &Hold) {
        self.app.live.archivist().await.hold_placing.place_hold(hold).await.unwrap();
    }

    /// Returns the whole catalogue, newest first.
    pub async fn recordings(&self) -> Vec<Entry> {
        let all = ListRequest { under: None, below: None, from: None, limit: 1_000 };
        self.ports.catalogue.list(&all).await.unwrap()
    }

    /// Returns the only entry of the catalogue.
    pub async fn only_recording(&self) -> Entry {
        let recordings = self.recordings().await;
        assert_eq!(recordings.len(), 1, "{recordings:?}");
        recordings.into_iter().next().unwrap()
    }

    /// Returns everything in quarantine, oldest first.
    pub async fn quarantined(&self) -> Vec<QuarantinedInput> {
        let mut inputs = Vec::new();
        for note in self.ports.quarantine.since(Timestamp::MIN, 1_000).await.unwrap() {
            inputs.extend(self.ports.quarantine.get(&note.id).await.unwrap());
        }
        inputs
    }

    /// Returns the tags of a recording as `key=value`.
    pub async fn tags(&self, name: &str) -> Vec<String> {
        let tags = self.ports.blobs.tags(&address(name)).await.unwrap().expect("the blob is there");
        tags.0.iter().map(|(key, value)| format!("{key}={value}")).collect()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if self.may_leave_deliveries || std::thread::panicking() {
            return;
        }
        let left = self.queue.depth(QueueName::Notifications).now_or_never().unwrap().unwrap();
        assert_eq!(left, 0, "deliveries were left in the queue");
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rules() -> Rules {
    let (settle_after, active_at_most) = (SignedDuration::from_mins(5), SignedDuration::from_hours(12));
    Rules { settle_after, active_at_most, ..Rules::default() }
}
