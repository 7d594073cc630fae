//! Tests that changes of the folder become events.

use domain::record::blob::Happening;
use domain::record::sequencer::Sequencer;
use storage_events::{BlobType, DecodedEvent, StorageEvent, decode};

use crate::support::{CannedAnswer, LOG_FUNCTION, NOW, QUEUE_FUNCTION, SeenCall, Stage, audit_logs, blob, minutes};

fn message(seen: &SeenCall) -> String {
    serde_json::from_str(seen.body["Data"]["message"].as_str().unwrap()).unwrap()
}

fn event(message: &str) -> StorageEvent<'_> {
    match decode(message.as_bytes()).next() {
        Some(DecodedEvent::Blob(event)) => event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn writes_and_deletions_raise_one_event_each() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let address = blob("..\\%2F \u{202e}");
    stage.folder.write(&address, 7, NOW - minutes(1)).unwrap();
    assert_eq!(stage.host.raise_events().await.unwrap(), 1);
    assert_eq!(stage.host.raise_events().await.unwrap(), 0);
    stage.folder.write(&address, 9, NOW).unwrap();
    assert_eq!(stage.host.raise_events().await.unwrap(), 1);
    stage.folder.remove(&address).unwrap();
    assert_eq!(stage.host.raise_events().await.unwrap(), 1);
    stage.host.step().await.unwrap();

    let messages: Vec<String> = stage.handler.seen().iter().map(message).collect();
    let mut events: Vec<StorageEvent<'_>> = messages.iter().map(|message| event(message)).collect();
    events.sort_by(|one, other| one.event.sequencer.cmp(&other.event.sequencer));
    assert!(events.iter().all(|event| event.address == address));
    let sizes: Vec<_> = events
        .iter()
        .map(|event| match event.event.what {
            Happening::Written { size, .. } => Some(size),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [Some(7), Some(9), None]);
    assert_eq!(events.iter().map(|event| event.event.at).collect::<Vec<_>>(), [NOW - minutes(1), NOW, NOW]);
}

#[tokio::test]
async fn sequencers_rise_while_the_clock_stands_still_and_have_48_digits() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    let mut last = Sequencer::parse("0").unwrap();
    for size in 1..=20 {
        stage.folder.write(&blob("a"), size, NOW).unwrap();
        stage.host.raise_events().await.unwrap();
        stage.host.step().await.unwrap();
        let message = message(stage.handler.seen().last().unwrap());
        let sequencer = event(&message).event.sequencer;
        assert!(sequencer > last && sequencer.as_str().len() == 48, "{sequencer} after {last}");
        last = sequencer;
    }
}

#[tokio::test]
async fn the_next_event_of_a_name_can_be_delayed() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.host.events().unwrap().hold_back(blob("late").name, minutes(90));
    for (name, size) in [("late", 1), ("other", 1), ("late", 2)] {
        stage.folder.write(&blob(name), size, NOW).unwrap();
        stage.host.raise_events().await.unwrap();
    }
    assert_eq!(stage.host.step().await.unwrap(), Some(NOW + minutes(90)));
    assert_eq!(stage.handler.seen().len(), 2);
}

#[tokio::test]
async fn an_audit_log_raises_an_event_only_when_created() {
    let mut stage = Stage::new(&[LOG_FUNCTION], |_| CannedAnswer::DONE).await;
    let log = audit_logs().blob(blob("y=2026/m=03/d=02/h=09/m=00/PT1H.json").name);
    for (text, told) in [("one\n", 1), ("two\n", 0)] {
        stage.folder.append(&log, text.as_bytes(), NOW).unwrap();
        assert_eq!(stage.host.raise_events().await.unwrap(), told, "{text}");
    }
    stage.folder.remove(&log).unwrap();
    assert_eq!(stage.host.raise_events().await.unwrap(), 0);
    stage.folder.append(&log, b"three\n", NOW).unwrap();
    assert_eq!(stage.host.raise_events().await.unwrap(), 1, "another log under its name");
    stage.host.step().await.unwrap();

    let messages: Vec<String> = stage.handler.seen().iter().map(message).collect();
    assert_eq!(messages.len(), 2);
    for message in &messages {
        let event = event(message);
        assert_eq!((&event.address, event.blob_type), (&log, BlobType::Append));
    }
}
