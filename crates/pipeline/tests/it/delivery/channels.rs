//! Channels that fail, rest, and are disabled.

use std::sync::Arc;

use domain::policy::route::NotificationRoute;
use domain::record::delivery::{ChannelAnswer, Delivery};
use domain::record::notification::Event;
use futures_util::FutureExt;
use jiff::SignedDuration;
use pipeline::message::Attempt;
use pipeline::ports::{Channel, ChannelMessage};
use pipeline::testing::schedule::{Task, Turns, interleaved, now};
use pipeline::testing::{Death, Gate};

use crate::delivery::post::{Post, every, everything, minutes, quota};

fn failing() -> ChannelAnswer {
    ChannelAnswer::TryLater { reason: "serverError: 503".to_owned(), retry_after: None, overloaded: false }
}

#[test]
fn a_channel_failing_for_five_days_is_disabled_until_enabled() {
    let mut post = Post::with(&["dead", "siem"]);
    for _ in 0..200 {
        post.receivers["dead"].will_answer(failing());
    }
    for _ in 0..8 {
        post.tell(Event::RecordingReady);
        post.run_for(SignedDuration::from_hours(24), minutes(10));
    }
    let told = post.events("siem");
    assert_eq!(told.iter().filter(|event| **event == "channel.disabled").count(), 1, "{told:?}");
    assert_eq!(post.events("dead"), [""; 0]);
    let id = post.tell(Event::RecordingReady);
    post.run(&post.healthy());
    assert!(matches!(post.delivery(&id, "dead"), Delivery::GivenUp { attempts: 0, .. }));

    assert!(now(post.healthy().channel_states.enable_channel("dead")).unwrap());
    assert!(!now(post.healthy().channel_states.enable_channel("dead")).unwrap());
    post.run(&post.healthy());
    let told = post.events("siem");
    assert_eq!(told.iter().filter(|event| **event == "channel.disabled.resolved").count(), 1, "{told:?}");
    while !matches!(post.events("dead").last(), Some(&"recording.deleted")) {
        // The receiver still has failures queued, then recovers.
        post.tell(Event::RecordingDeleted);
        post.run_for(minutes(20), minutes(1));
    }
}

#[test]
fn a_channel_that_says_it_is_gone_is_disabled_at_once() {
    let mut post = Post::with(&["dead", "siem"]);
    post.receivers["dead"].will_answer(ChannelAnswer::Gone { reason: "gone: 410".to_owned() });
    post.tell(Event::RecordingReady);
    post.run(&post.healthy());
    assert_eq!(post.events("siem"), ["recording.ready", "channel.disabled"]);
    let facts = &post.bodies("siem")[1]["data"]["facts"];
    assert_eq!((&facts["channel"], &facts["reason"]), (&"dead".into(), &"gone: 410".into()));
}

#[test]
fn a_hanging_channel_is_paused_and_delays_no_other() {
    let mut post = Post::with(&["hangs", "siem"]);
    let hangs =
        ChannelAnswer::TryLater { reason: "contextDeadlineExceeded".to_owned(), retry_after: None, overloaded: true };
    post.receivers["hangs"].will_answer(hangs);
    let ids: Vec<_> = (0..100).map(|_| post.tell(Event::RecordingReady)).collect();
    post.run(&post.healthy());
    assert_eq!(post.events("siem").len(), 100);
    assert_eq!(post.events("hangs").len(), 0, "only the first one waits for it");
    post.run_for(minutes(30), minutes(1));
    assert_eq!(post.receivers["hangs"].heard().len(), ids.len());
}

/// A channel that never answers.
struct Silent;

#[async_trait::async_trait]
impl Channel for Silent {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        std::future::pending().await
    }
}

#[test]
fn a_silent_channel_uses_only_its_share_of_a_process() {
    let mut post = Post::with(&["siem"]);
    post.others.insert("silent".to_owned(), Arc::new(Silent));
    (0..20).for_each(|_| drop(post.tell(Event::RecordingReady)));
    let archivist = post.healthy();
    let attempts = post.take();
    let mut all: Vec<_> = attempts.iter().map(|attempt| Box::pin(archivist.delivery.deliver(attempt))).collect();
    let silent = all.iter_mut().filter_map(|deliver| deliver.now_or_never().is_none().then_some(())).count();
    assert_eq!((silent, post.events("siem").len()), (8, 20));
}

#[test]
fn a_crash_at_any_call_sends_or_digests_every_notification_once() {
    for call in 1..120 {
        for death in [Death::Before(call), Death::After(call)] {
            let mut post = Post::with(&["digest", "ops"]);
            let mut hourly = everything("hourly", &["digest"]);
            (hourly.digest, hourly.goes_on) = (every(minutes(60)), true);
            post.routing.routes = vec![hourly, everything("all", &["ops"])];
            post.routing.quotas.insert("ops".to_owned(), quota(2, minutes(10)));
            for _ in 0..5 {
                post.tell(Event::RecordingReady);
            }
            post.run(&post.archivist(&Arc::new(Gate::deadly(death))));
            post.run_for(minutes(120), minutes(5));
            assert_eq!(told(&post, "ops"), 5, "ops, {death:?}");
            assert_eq!(told(&post, "digest"), 5, "digest, {death:?}");
        }
    }
}

#[test]
fn a_crash_while_writing_a_digest_leaves_no_requeue_loop() {
    for call in 1..20 {
        for death in [Death::Before(call), Death::After(call)] {
            let mut post = Post::with(&["ops"]);
            post.routing.routes =
                vec![NotificationRoute { digest: every(minutes(60)), ..everything("hourly", &["ops"]) }];
            post.tell(Event::RecordingReady);
            post.run(&post.healthy());
            post.clock.advance(minutes(61));
            post.run(&post.archivist(&Arc::new(Gate::deadly(death))));
            post.run_for(minutes(60), minutes(5));
            assert_eq!(told(&post, "ops"), 1, "{death:?}");
            assert_eq!(now(post.healthy().due_work.sweep(&|| true)).unwrap().recalled, 0, "{death:?}");
        }
    }
}

#[test]
fn a_possibly_accepted_notification_is_kept_out_of_digests() {
    let mut unrecorded = 0;
    for call in 1..12 {
        let mut post = Post::with(&["ops"]);
        post.routing.quotas.insert("ops".to_owned(), quota(1, minutes(10)));
        let id = post.tell(Event::RecordingReady);
        post.run(&post.archivist(&Arc::new(Gate::deadly(Death::After(call)))));
        if !matches!(post.delivery(&id, "ops"), Delivery::Claimed { .. }) || post.events("ops").is_empty() {
            continue;
        }
        unrecorded += 1;
        post.clock.advance(minutes(20));
        now(post.healthy().due_work.sweep(&|| true)).unwrap();
        // Another notification uses up the quota.
        let other = post.tell(Event::RecordingDeleted);
        now(post.healthy().delivery.deliver(&Attempt::first(&other, "ops"))).unwrap();
        post.run_for(minutes(30), minutes(1));
        assert_eq!(post.events("ops"), ["recording.ready", "recording.deleted", "recording.ready"], "{call}");
    }
    assert!(unrecorded > 0, "a process dies between sending and recording");
}

#[test]
fn duplicate_messages_on_an_exhausted_quota_notify_once() {
    for calls in 0..12 {
        let mut post = Post::with(&["ops"]);
        post.routing.quotas.insert("ops".to_owned(), quota(1, minutes(10)));
        let id = post.tell(Event::RecordingReady);
        let gate = || Arc::new(Gate::open().yielding());
        let [one, other] = [post.archivist(&gate()), post.archivist(&gate())];
        let attempt = Attempt::first(&id, "ops");
        let deliver: [Task<'_, ()>; 2] = [&one, &other].map(|archivist| -> Task<'_, ()> {
            Box::pin(async { archivist.delivery.deliver(&attempt).await.map(drop).unwrap() })
        });
        let turns = std::iter::repeat_n(0, calls).chain(std::iter::repeat_n(1, 1_000)).collect();
        interleaved(deliver.into(), &Turns(turns));
        post.run_for(minutes(30), minutes(1));
        assert_eq!(told(&post, "ops"), 1, "{calls}: {:?}", post.events("ops"));
    }
}

#[test]
fn a_quota_race_between_two_channels_notifies_each_once() {
    for calls in 0..16 {
        let mut post = Post::with(&["ops", "siem"]);
        post.routing.quotas.insert("ops".to_owned(), quota(1, minutes(1)));
        post.tell(Event::RecordingReady);
        post.run(&post.healthy());
        post.tell(Event::RecordingReady);
        let attempts = post.take();
        let archivist = post.archivist(&Arc::new(Gate::open().yielding()));
        let deliver = attempts.iter().map(|attempt| -> Task<'_, ()> {
            Box::pin(async { archivist.delivery.deliver(attempt).await.map(drop).unwrap() })
        });
        let turns = std::iter::repeat_n(0, calls).chain(std::iter::repeat_n(1, 1_000)).collect();
        interleaved(deliver.collect(), &Turns(turns));
        post.run_for(minutes(30), minutes(1));
        assert_eq!([told(&post, "ops"), told(&post, "siem")], [2; 2], "{calls}: {:?}", post.events("ops"));
    }
}

/// Number of notifications a channel received, alone or in digests; repeats under the same id count once.
fn told(post: &Post, channel: &str) -> u64 {
    let mut heard = std::collections::BTreeMap::new();
    for (received, body) in post.receivers[channel].accepted().iter().zip(post.bodies(channel)) {
        let count = if received.event == Event::ChannelDigest {
            body["data"]["facts"]["total"].as_u64()
        } else {
            Some(1)
        };
        heard.insert(received.id.clone(), count.unwrap());
    }
    heard.values().sum()
}
