//! Conformance suite of [`Notifications`].

use std::collections::BTreeMap;

use domain::record::delivery::{ChannelAnswer, Delivery, FORGOTTEN_AFTER};
use domain::record::notification::{Event, NotificationId};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::sample::{HOSTILE_NAMES, second};
use crate::ports::{GivenUpPosition, NotificationRecord, Notifications, Stored, Version};

/// Generates one test per case. `$make` returns an empty outbox and a guard kept alive by the test:
/// `notifications_conformance!(make)` with `async fn make() -> (impl Notifications, impl Sized)`.
#[macro_export]
macro_rules! notifications_conformance {
    ($make:path) => {
        $crate::conformance_tests! { notifications, $make;
            a_missing_notification_is_not_found,
            a_notification_is_kept_unchanged,
            a_body_is_kept_byte_by_byte,
            a_notification_added_twice_keeps_its_first_form,
            one_of_many_concurrent_additions_is_new,
            deliveries_are_saved_under_a_new_version,
            every_kind_of_delivery_is_kept,
            a_notification_save_of_an_outdated_version_fails,
            a_notification_that_was_never_added_cannot_be_saved,
            forgotten_notifications_are_ordered_by_time,
            a_notification_is_forgotten_when_its_earliest_delivery_is,
            a_finished_notification_is_never_forgotten,
            given_up_notifications_are_listed_by_time_in_pages,
            a_retried_notification_leaves_the_given_up_list,
        }
    };
}

/// A missing notification is no error.
pub async fn a_missing_notification_is_not_found(outbox: &impl Notifications) {
    assert_eq!(outbox.get(&record("x", second(0)).id).await.unwrap(), None);
}

/// Every field is preserved.
pub async fn a_notification_is_kept_unchanged(outbox: &impl Notifications) {
    let record = record("x", second(0));
    assert!(outbox.add(&record).await.unwrap(), "it was new");
    assert_eq!(stored(outbox, &record.id).await.record, record);
}

/// Signatures cover the exact bytes of the body.
pub async fn a_body_is_kept_byte_by_byte(outbox: &impl Notifications) {
    for body in HOSTILE_NAMES.into_iter().chain(["{ \"a\" : 1.0, \"a\": 1 }\n", "\\u00e4"]) {
        let record = NotificationRecord { body: body.to_owned(), ..record(body, second(0)) };
        outbox.add(&record).await.unwrap();
        assert_eq!(stored(outbox, &record.id).await.record.body, body);
    }
}

/// The second version is ignored.
pub async fn a_notification_added_twice_keeps_its_first_form(outbox: &impl Notifications) {
    let first = record("x", second(0));
    assert!(outbox.add(&first).await.unwrap());
    let second = NotificationRecord { body: "other".to_owned(), ..record("x", second(9)) };
    assert!(!outbox.add(&second).await.unwrap(), "it is kept already");
    assert_eq!(stored(outbox, &first.id).await.record, first);
}

/// Holds for overlapping additions.
pub async fn one_of_many_concurrent_additions_is_new(outbox: &impl Notifications) {
    let record = record("x", second(0));
    let added = join_all((0..8).map(|_| outbox.add(&record))).await;
    assert_eq!(added.into_iter().filter(|added| matches!(added, Ok(true))).count(), 1);
}

/// Each save builds on the previous one.
pub async fn deliveries_are_saved_under_a_new_version(outbox: &impl Notifications) {
    let mut record = record("x", second(0));
    outbox.add(&record).await.unwrap();
    let mut before = stored(outbox, &record.id).await;
    for attempt in 2..5 {
        record.deliveries.insert("siem".to_owned(), Delivery::Waiting { attempt, at: second(attempt.into()) });
        let version = outbox.save(&before, &record).await.unwrap().expect("no concurrent save");
        assert!(version > before.version, "every save raises the version");
        before = stored(outbox, &record.id).await;
        assert_eq!(before, Stored { record: record.clone(), version });
    }
}

/// Holds for any channel name.
pub async fn every_kind_of_delivery_is_kept(outbox: &impl Notifications) {
    let mut record = record("x", second(0));
    let at = second(1).saturating_add(SignedDuration::from_nanos(7)).unwrap();
    record.deliveries = BTreeMap::from([
        ("waiting".to_owned(), Delivery::Waiting { attempt: 2, at }),
        ("claimed \u{e4} \"1\"".to_owned(), Delivery::Claimed { attempt: 3, until: at }),
        (String::new(), Delivery::Delivered { at, attempts: 1 }),
        ("given_up".to_owned(), Delivery::GivenUp { at, attempts: 8, reason: "HTTP 410\r\n\"gone\"".to_owned() }),
    ]);
    outbox.add(&record).await.unwrap();
    assert_eq!(stored(outbox, &record.id).await.record, record);
}

/// Guarantees that an attempt is claimed only once.
pub async fn a_notification_save_of_an_outdated_version_fails(outbox: &impl Notifications) {
    let mut record = record("x", second(0));
    outbox.add(&record).await.unwrap();
    let before = stored(outbox, &record.id).await;
    record.deliveries.insert("siem".to_owned(), Delivery::Claimed { attempt: 1, until: second(120) });
    assert!(outbox.save(&before, &record).await.unwrap().is_some(), "the first saver wins");
    let late = NotificationRecord { deliveries: BTreeMap::new(), ..record.clone() };
    assert_eq!(outbox.save(&before, &late).await.unwrap(), None, "the second loses");
    assert_eq!(stored(outbox, &record.id).await.record, record);
    assert_eq!(outbox.forgotten(second(10_000), 10).await.unwrap().len(), 1, "the loser left no trace");
}

/// Holds for every version.
pub async fn a_notification_that_was_never_added_cannot_be_saved(outbox: &impl Notifications) {
    let record = record("x", second(0));
    for version in [Version(0), Version(1)] {
        let before = Stored { record: record.clone(), version };
        assert_eq!(outbox.save(&before, &record).await.unwrap(), None);
    }
    assert_eq!(outbox.get(&record.id).await.unwrap(), None);
}

/// The limit applies, and `until` is inclusive.
pub async fn forgotten_notifications_are_ordered_by_time(outbox: &impl Notifications) {
    for n in [30, 10, 20, 40] {
        outbox.add(&record(&n.to_string(), second(n))).await.unwrap();
    }
    let until = second(30).saturating_add(FORGOTTEN_AFTER).unwrap();
    assert_eq!(forgotten(outbox, until, 10).await, [second(10), second(20), second(30)]);
    assert_eq!(forgotten(outbox, until, 2).await, [second(10), second(20)]);
    let before = until.saturating_sub(SignedDuration::from_nanos(1)).unwrap();
    assert_eq!(forgotten(outbox, before, 10).await, [second(10), second(20)]);
}

/// A save changes that time.
pub async fn a_notification_is_forgotten_when_its_earliest_delivery_is(outbox: &impl Notifications) {
    let mut record = record("x", second(0));
    record.deliveries.insert("ops".to_owned(), Delivery::Waiting { attempt: 1, at: second(50) });
    outbox.add(&record).await.unwrap();
    let found = async |at: i64| {
        let until = second(at).saturating_add(FORGOTTEN_AFTER).unwrap();
        outbox.forgotten(until, 10).await.unwrap().len()
    };
    assert_eq!(found(0).await, 1);
    record.deliveries.insert("siem".to_owned(), Delivery::after(1, ChannelAnswer::Accepted, second(1), 0));
    outbox.save(&stored(outbox, &record.id).await, &record).await.unwrap().expect("no concurrent save");
    assert_eq!((found(49).await, found(50).await), (0, 1));
}

/// Finished notifications add no cost to a sweep.
pub async fn a_finished_notification_is_never_forgotten(outbox: &impl Notifications) {
    let mut record = record("x", second(0));
    outbox.add(&record).await.unwrap();
    record.deliveries.insert("siem".to_owned(), Delivery::Delivered { at: second(1), attempts: 1 });
    outbox.save(&stored(outbox, &record.id).await, &record).await.unwrap().expect("no concurrent save");
    assert_eq!(forgotten(outbox, second(1_000_000), 10).await, []);
}

/// Ordered by the last given-up delivery, then by id.
pub async fn given_up_notifications_are_listed_by_time_in_pages(outbox: &impl Notifications) {
    outbox.add(&record("waits", second(0))).await.unwrap();
    let mut expected = Vec::new();
    for (about, at) in [("a", 30), ("b", 10), ("c", 30), ("d", 20), ("e", 30)] {
        let given_up = given_up(about, at);
        outbox.add(&given_up).await.unwrap();
        expected.push((second(at), given_up.id));
    }
    expected.sort();
    let mut seen: Vec<GivenUpPosition> = Vec::new();
    loop {
        let page = outbox.given_up(Timestamp::MIN, seen.last(), 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|stored| (stored.record.given_up_at().unwrap(), stored.record.id)));
    }
    assert_eq!(seen, expected);
    assert_eq!(outbox.given_up(second(20), None, 10).await.unwrap().len(), 4);
    assert_eq!(outbox.given_up(second(20), expected.first(), 10).await.unwrap().len(), 4);
    assert_eq!(outbox.given_up(second(31), None, 10).await.unwrap(), []);
}

/// The list holds only deliveries that are still given up.
pub async fn a_retried_notification_leaves_the_given_up_list(outbox: &impl Notifications) {
    let mut record = given_up("x", 10);
    record.deliveries.remove("ops");
    outbox.add(&record).await.unwrap();
    for (delivery, count) in [
        (Delivery::Waiting { attempt: 1, at: second(20) }, 0),
        (Delivery::GivenUp { at: second(30), attempts: 8, reason: "503".to_owned() }, 1),
        (Delivery::Delivered { at: second(40), attempts: 1 }, 0),
    ] {
        record.deliveries.insert("siem".to_owned(), delivery);
        outbox.save(&stored(outbox, &record.id).await, &record).await.unwrap().expect("no concurrent save");
        let found = outbox.given_up(Timestamp::MIN, None, 10).await.unwrap();
        assert_eq!(found.len(), count, "{:?}", record.deliveries);
    }
}

fn given_up(about: &str, at: i64) -> NotificationRecord {
    let mut record = record(about, second(0));
    let given_up = |at| Delivery::GivenUp { at: second(at), attempts: 8, reason: "HTTP 410".to_owned() };
    record.deliveries.insert("siem".to_owned(), given_up(at));
    record.deliveries.insert("ops".to_owned(), given_up(1));
    record
}

async fn stored(outbox: &impl Notifications, id: &NotificationId) -> Stored {
    outbox.get(id).await.unwrap().expect("it was added")
}

async fn forgotten(outbox: &impl Notifications, until: Timestamp, limit: usize) -> Vec<Timestamp> {
    outbox.forgotten(until, limit).await.unwrap().into_iter().map(|stored| stored.record.at).collect()
}

/// Returns a notification about `about`, with one delivery waiting since `at`.
pub fn record(about: &str, at: Timestamp) -> NotificationRecord {
    NotificationRecord {
        id: NotificationId::derive(about, Event::RecordingReady, ""),
        event: Event::RecordingReady,
        at,
        body: "{\"type\":\"recording.ready\"}".to_owned(),
        after: None,
        deliveries: BTreeMap::from([("siem".to_owned(), Delivery::new(at))]),
    }
}
