//! Calls that end without an outcome: a panic, or a port that never answers.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use jiff::SignedDuration;
use pipeline::ports::{Channel, ChannelMessage};
use tokio::time::Instant;

use crate::support::TestApp;

/// Panics on the first notification and accepts all others.
#[derive(Default)]
struct PanicsOnce {
    panicked: AtomicBool,
}

#[async_trait]
impl Channel for PanicsOnce {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        assert!(self.panicked.swap(true, Ordering::Relaxed), "the channel panics on purpose");
        ChannelAnswer::Accepted
    }
}

/// Never answers.
struct Silent;

#[async_trait]
impl Channel for Silent {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        pending().await
    }
}

#[tokio::test]
async fn a_panic_ends_the_call_and_not_the_process() {
    let app = TestApp::with_channel(Arc::new(PanicsOnce::default()));
    assert_eq!(app.storage_event("not an event").await, 200);
    assert_eq!(app.deliver_all().await, [500]);

    app.advance(SignedDuration::from_mins(5));
    assert_eq!(app.deliver_all().await, [200], "the platform delivers again");
    assert_eq!(app.counted("notification_delivery"), ["applied: 1", "panicked: 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_outlasts_its_deadline_is_given_up() {
    let app = TestApp::with_channel(Arc::new(Silent)).may_leave_deliveries();
    assert_eq!(app.storage_event("not an event").await, 200);
    let began = Instant::now();
    assert_eq!(app.deliver_all().await, [503]);
    assert_eq!(began.elapsed().as_secs(), 4 * 60, "before the host would end it");
    assert_eq!(app.counted("notification_delivery"), ["transient deadline: 1"]);

    // Another function is not delayed by it.
    assert_eq!(app.host_fires("join_sweep").await, 200);
}
