//! Channels that are off because of an app setting: their notifications are kept, and sent once they are on.

use std::sync::Arc;

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Delivery};
use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::ports::{Channel, ChannelMessage};
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use crate::delivery::post::{Post, minutes};

/// A channel whose secret is missing.
struct Off;

#[async_trait]
impl Channel for Off {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        panic!("a channel that is off gets no notifications")
    }

    fn off(&self) -> Option<&str> {
        Some("app setting SIEM_SECRET is not set; set it, or correct its name here")
    }
}

/// Creates a post whose channel `siem` is off and whose channel `ops` is on.
fn post() -> Post {
    let mut post = Post::with(&["ops"]);
    post.others.insert("siem".to_owned(), Arc::new(Off));
    post
}

/// Restarts the app with the secret.
fn set_secret(post: &mut Post) {
    post.others.clear();
    post.receivers.insert("siem", Arc::default());
}

fn ids(post: &Post, channel: &str) -> usize {
    assert_eq!(post.receivers[channel].repeats(), 0);
    post.receivers[channel].heard().len()
}

#[test]
fn a_disabled_channel_catches_up_after_its_secret_is_set() {
    let mut post = post();
    let first = post.tell(Event::RecordingReady);
    post.run_for(SignedDuration::from_hours(50), minutes(30));
    assert!(matches!(post.delivery(&first, "siem"), Delivery::GivenUp { attempts: 0, .. }));
    post.tell(Event::RecordingDeleted);
    post.run(&post.healthy());

    set_secret(&mut post);
    post.run_for(minutes(40), minutes(1));
    assert_eq!(post.events("siem"), ["recording.ready", "recording.deleted"]);
    assert_eq!(ids(&post, "siem"), 2);
    post.tell(Event::RecordingReady);
    post.run(&post.healthy());
    assert_eq!(ids(&post, "siem"), 3);
}

#[test]
fn the_other_channels_are_notified_once_of_a_disabled_channel() {
    let post = post();
    post.run_for(SignedDuration::from_hours(3), minutes(1));
    assert_eq!(post.events("ops"), ["channel.disabled"]);
    let facts = &post.bodies("ops")[0]["data"]["facts"];
    assert_eq!(facts["channel"], "siem");
    assert!(facts["reason"].as_str().unwrap().starts_with("off: app setting SIEM_SECRET is not set"), "{facts}");
}

#[test]
fn a_channel_that_is_disabled_again_is_notified_again() {
    let mut post = post();
    post.run_for(minutes(5), minutes(1));
    set_secret(&mut post);
    post.run_for(minutes(40), minutes(1));
    post.receivers.remove("siem");
    post.others.insert("siem".to_owned(), Arc::new(Off));
    post.run_for(minutes(5), minutes(1));
    assert_eq!(post.events("ops"), ["channel.disabled", "channel.disabled.resolved", "channel.disabled"]);
}

#[test]
fn a_process_without_the_secret_leaves_notifications_to_another() {
    let mut post = post();
    post.tell(Event::RecordingReady);
    let without = post.healthy();
    post.run(&without);
    set_secret(&mut post);
    now(post.healthy().due_work.sweep(&|| true)).unwrap();
    // The old process still runs.
    post.tell(Event::RecordingDeleted);
    for attempt in post.take() {
        now(without.delivery.deliver(&attempt)).unwrap();
    }
    post.run_for(minutes(60), minutes(1));
    assert_eq!(ids(&post, "siem"), 2);
}

#[test]
fn a_crash_at_any_call_loses_no_kept_notification() {
    for call in 1..40 {
        for death in [Death::Before(call), Death::After(call)] {
            let mut post = post();
            post.tell(Event::RecordingReady);
            post.run(&post.archivist(&Arc::new(Gate::deadly(death))));
            post.run_for(minutes(30), minutes(5));
            set_secret(&mut post);
            let dying = post.archivist(&Arc::new(Gate::deadly(death)));
            // The process may fail; its writes before the death stay.
            drop(now(dying.due_work.sweep(&|| true)));
            post.run_for(minutes(60), minutes(5));
            // A lost answer may cause a second delivery under the same id.
            let heard = |channel| post.receivers[channel].heard().len();
            assert_eq!((heard("siem"), heard("ops")), (1, 3), "{death:?}");
        }
    }
}
