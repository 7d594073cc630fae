//! Sends events of all kinds through a packaged app.

use std::collections::{BTreeMap, BTreeSet};

use domain::address::ContainerName;
use domain::record::blob::Happening;
use domain::record::catalogue::RecordingState;
use domain::record::tags::TagSet;
use host_stand_in::Trigger;
use pipeline::ports::{Queue, QueueName};
use serde_json::Value;
use standardwebhooks::Webhook;
use storage_events::encode_event_grid;

use crate::support::azure::{Driven, EmulatorAccount, PlayedBastion, packaged};
use crate::support::process::eventually;
use crate::support::{Received, Receiver, cloud_event};

const SECRETS: [(&str, &str); 2] = [
    ("SIEM_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("SOC_SECRET", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
];

/// Recordings that stay, including a hostile name.
const RECORDED: [&str; 6] = [
    "vm-web-01-azureadmin",
    "vm-web-01-azureadmin.3",
    "../vm #1?sig=%2e&\u{202e}gpj.ünï",
    "vm-db-01-ops",
    "vm-db-02-ops",
    "vm-cloud-01-azureadmin",
];
const DELETED: &str = "vm-web-02-azureadmin";
const UNREADABLE: &str = "not an event";
const NOT_BASE64: &str = r#"{"not": "in Base64"}"#;

/// Returns all messages of the day for the queue.
async fn messages(bastion: &PlayedBastion) -> Vec<String> {
    let grid = |event: &_| encode_event_grid(event).unwrap();
    let mut messages = vec![UNREADABLE.to_owned()];
    for (name, size) in [(RECORDED[0], 9_000), (RECORDED[1], 70), (RECORDED[2], 80), (DELETED, 90)] {
        messages.push(grid(&bastion.write(name, size).await));
    }
    messages.push(grid(&bastion.write(RECORDED[0], 9_000).await));
    let batch = [bastion.write(RECORDED[3], 40).await, bastion.write(RECORDED[4], 50).await];
    messages.push(format!("[{}]", batch.each_ref().map(grid).join(",")));
    messages.push(cloud_event(&grid(&bastion.write(RECORDED[5], 60).await)).to_string());
    let mut foreign = bastion.event(RECORDED[1], Happening::deleted());
    foreign.address.container = ContainerName::parse("insights-logs").unwrap();
    messages.push(grid(&foreign));
    messages.push(grid(&bastion.delete(DELETED).await));
    messages
}

/// Counts the notifications that a receiver accepted, by type and subject. Panics if an id was accepted twice.
fn told(receiver: &Receiver) -> BTreeMap<(String, String), usize> {
    let accepted: Vec<Received> = receiver.received().into_iter().filter(|it| it.answered == 200).collect();
    let ids: BTreeSet<&str> = accepted.iter().map(|received| received.id.as_str()).collect();
    assert_eq!(ids.len(), accepted.len(), "a notification was accepted twice");
    let mut told = BTreeMap::new();
    for received in &accepted {
        let body: Value = serde_json::from_slice(&received.body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        *told.entry((text(&body["type"]), text(&body["data"]["subject"]))).or_default() += 1;
    }
    told
}

fn expected() -> BTreeMap<(String, String), usize> {
    let ready = RECORDED.map(|name| ("recording.ready", name, 1));
    let others = [("recording.deleted_unexpectedly", DELETED, 1), ("input.quarantined", "recording_landed", 2)];
    let all = ready.into_iter().chain(others);
    all.map(|(event, subject, count)| ((event.to_owned(), subject.to_owned()), count)).collect()
}

#[test]
fn a_packaged_app_delivers_all_its_results() {
    let account = EmulatorAccount::new();
    let bastion = PlayedBastion::new(&account);
    let receivers = [&[503][..], &[503, 500]].map(|answers| account.runtime.block_on(Receiver::start(answers)));
    let [siem, soc] = receivers.each_ref().map(Receiver::url);
    let app = packaged(&account.configuration("PT2S", "PT4S", &format!(
        "siem: {{ kind: webhook, url: \"{siem}\", secret_env: SIEM_SECRET }}, soc: {{ kind: webhook, url: \"{soc}\", secret_env: SOC_SECRET }}"
    )));
    let driven = Driven::start(&account, app.path(), &SECRETS);
    account.runtime.block_on(async {
        for message in messages(&bastion).await {
            account.queues.send(QueueName::RecordingEvents, &message, jiff::SignedDuration::ZERO).await.unwrap();
        }
        bastion.send_as_it_is(QueueName::RecordingEvents, NOT_BASE64).await;
    });

    // Before a sweep, a message that cannot be decoded is in the poison queue, and an unreadable event is in
    // quarantine.
    let is_timer = |trigger: &Trigger| matches!(trigger, Trigger::Timer { .. });
    driven.fire(
        |function| !is_timer(&function.trigger),
        || {
            eventually("all events are taken", || account.depth(QueueName::RecordingEvents) == 0);
        },
    );
    assert_eq!(account.messages(QueueName::RecordingEventsPoison), [NOT_BASE64]);
    let raw = |account: &EmulatorAccount| account.quarantined().into_iter().map(|input| input.raw).collect::<Vec<_>>();
    assert_eq!(raw(&account), [UNREADABLE.as_bytes()]);

    driven.fire(
        |_| true,
        || {
            eventually("all notifications are sent", || receivers.iter().all(|receiver| told(receiver) == expected()));
            eventually("nothing is left to do", || account.is_at_rest());
        },
    );
    assert_eq!(raw(&account), [UNREADABLE.as_bytes(), NOT_BASE64.as_bytes()]);
    for (receiver, (_, secret)) in receivers.iter().zip(SECRETS) {
        assert_eq!(told(receiver), expected());
        check_signatures(&receiver.received(), secret);
    }
    check_catalogue_and_tags(&account);
}

fn check_signatures(attempts: &[Received], secret: &str) {
    for attempt in attempts {
        let expected = Webhook::new(secret).unwrap().sign(&attempt.id, attempt.timestamp, &attempt.body).unwrap();
        assert_eq!(attempt.signature, expected);
        let refused = attempts.iter().filter(|it| it.id == attempt.id && it.answered != 200).count();
        let all = attempts.iter().filter(|it| it.id == attempt.id).count();
        assert_eq!(all, refused + 1, "refused deliveries come again, accepted ones do not");
    }
}

/// Checks that every recording is final in the table and has the catalogued tags in storage.
fn check_catalogue_and_tags(account: &EmulatorAccount) {
    let entries = account.entries();
    let states: BTreeMap<&str, RecordingState> =
        entries.iter().map(|entry| (entry.address.name.as_str(), entry.state)).collect();
    let expected =
        RECORDED.map(|name| (name, RecordingState::Settled)).into_iter().chain([(DELETED, RecordingState::Deleted)]);
    assert_eq!((states, entries.len()), (expected.collect(), RECORDED.len() + 1));
    let tags: BTreeMap<String, TagSet> =
        account.blobs().into_iter().map(|blob| (blob.name.as_str().to_owned(), blob.tags.unwrap())).collect();
    assert_eq!(tags.keys().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(RECORDED));
    for entry in entries.iter().filter(|entry| entry.state == RecordingState::Settled) {
        assert!(entry.final_at.is_some(), "{entry:?}");
        let on_blob = &tags[entry.address.name.as_str()];
        assert_eq!(on_blob, &entry.tags);
        assert_eq!(on_blob.0["bsr-state"], "pending");
    }
}
