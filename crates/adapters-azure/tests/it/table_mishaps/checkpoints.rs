//! Checkpoints under failed and repeated calls.

use adapters_azure::testing::{Mishap, Mishaps};
use pipeline::ports::{CheckpointKey, CheckpointKind, Checkpoints};

use crate::table_mishaps::tables::Tables;

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::OpenLog, name: name.to_owned() }
}

#[tokio::test]
async fn a_checkpoint_save_with_a_lost_response_is_recognised_as_won() {
    let tables = Tables::new().await;
    let new = tables.checkpoints(Mishaps::one(1, Mishap::AnswerLost)).save(&key("a"), None, "one").await.unwrap();
    assert!(new.is_some(), "the repetition met the row of its own first try");
    let lossy = tables.checkpoints(Mishaps::one(1, Mishap::AnswerLost));
    let next = lossy.save(&key("a"), new, "two").await.unwrap().unwrap();
    let found = lossy.get(&key("a")).await.unwrap().unwrap();
    assert_eq!((found.doc.as_str(), found.version), ("two", next));
}

#[tokio::test]
async fn a_checkpoint_save_with_a_lost_response_is_recognised_as_lost() {
    let tables = Tables::new().await;
    let whole = tables.checkpoints(Mishaps::none());
    let first = whole.save(&key("a"), None, "one").await.unwrap();
    whole.save(&key("a"), first, "theirs").await.unwrap().unwrap();
    for before in [None, first] {
        let lossy = tables.checkpoints(Mishaps::one(1, Mishap::AnswerLost));
        assert_eq!(lossy.save(&key("a"), before, "mine").await.unwrap(), None);
    }
    assert_eq!(whole.get(&key("a")).await.unwrap().unwrap().doc, "theirs");
}

/// Otherwise a writer with the former version would overwrite a document that it never read.
#[tokio::test]
async fn a_recreated_checkpoint_has_a_new_version() {
    let checkpoints = Tables::new().await.checkpoints(Mishaps::none());
    let former = checkpoints.save(&key("a"), None, "former").await.unwrap().unwrap();
    assert!(checkpoints.remove(&key("a"), former).await.unwrap());
    checkpoints.save(&key("a"), None, "again").await.unwrap().unwrap();
    assert_eq!(checkpoints.save(&key("a"), Some(former), "stale").await.unwrap(), None);
    assert!(!checkpoints.remove(&key("a"), former).await.unwrap());
    assert_eq!(checkpoints.get(&key("a")).await.unwrap().unwrap().doc, "again");
}

/// Names are data: too long for a key, empty, or with separators of keys.
#[tokio::test]
async fn any_name_of_a_checkpoint_is_kept_and_listed() {
    let checkpoints = Tables::new().await.checkpoints(Mishaps::none());
    let long = "\u{1f511}".repeat(1024);
    let names = ["", "/?#\\", "_", "a_0000000000000001", "a~", "b", "\u{7f}", &long];
    for name in names {
        assert!(checkpoints.save(&key(name), None, name).await.unwrap().is_some(), "{name:?}");
    }
    for limit in [1, 3, 100] {
        let mut listed: Vec<String> = Vec::new();
        loop {
            let after = listed.last().map(String::as_str);
            let page = checkpoints.list(CheckpointKind::OpenLog, after, limit).await.unwrap();
            assert!(page.len() <= limit && page.iter().all(|(name, checkpoint)| *name == checkpoint.doc));
            if page.is_empty() {
                break;
            }
            listed.extend(page.into_iter().map(|(name, _)| name));
        }
        assert_eq!(listed, names, "pages of {limit}");
    }
}
