//! More notifications than the quota of a channel allows.

use domain::record::delivery::{ChannelAnswer, Delivery};
use domain::record::notification::Event;

use crate::delivery::post::{Post, minutes, quota};

#[test]
fn a_thousand_notifications_become_few_messages_without_loss() {
    let mut post = Post::with(&["ops"]);
    post.routing.quotas.insert("ops".to_owned(), quota(10, minutes(10)));
    let ids: Vec<_> = (0..1_000).map(|_| post.tell(Event::RecordingReady)).collect();
    post.run_for(minutes(31), minutes(1));
    let events = post.events("ops");
    assert_eq!(events.iter().filter(|event| **event == "recording.ready").count(), 10);
    assert!(events.len() <= 13, "{events:?}");
    let digests = post.bodies("ops").into_iter().filter(|body| body["type"] == "channel.digest");
    let gathered: u64 = digests.map(|body| body["data"]["facts"]["total"].as_u64().unwrap()).sum();
    assert_eq!(gathered, 990);
    let is_told = |id| matches!(post.delivery(id, "ops"), Delivery::Delivered { .. } | Delivery::Gathered { .. });
    assert!(ids.iter().all(is_told));
}

#[test]
fn a_new_notification_does_not_overtake_waiting_ones() {
    let mut post = Post::with(&["ops"]);
    post.routing.quotas.insert("ops".to_owned(), quota(1, minutes(10)));
    for _ in 0..3 {
        post.tell(Event::RecordingReady);
        post.run(&post.healthy());
    }
    post.clock.advance(minutes(10));
    post.tell(Event::RecordingDeleted);
    post.run(&post.healthy());
    assert_eq!(post.events("ops")[..2], ["recording.ready", "channel.digest"]);
}

#[test]
fn a_busy_channel_stays_within_its_quota_after_its_pause() {
    let mut post = Post::with(&["ops"]);
    post.routing.quotas.insert("ops".to_owned(), quota(10, minutes(10)));
    let busy = ChannelAnswer::TryLater { reason: "rateLimited: 429".to_owned(), retry_after: None, overloaded: true };
    post.receivers["ops"].will_answer(busy);
    let ids: Vec<_> = (0..100).map(|_| post.tell(Event::RecordingReady)).collect();
    post.run_for(minutes(9), minutes(1));
    assert!(post.events("ops").len() <= 10, "{:?}", post.events("ops"));
    post.run_for(minutes(30), minutes(1));
    let is_told = |id| matches!(post.delivery(id, "ops"), Delivery::Delivered { .. } | Delivery::Gathered { .. });
    assert!(ids.iter().all(is_told));
}
