//! Conformance suite of [`Checkpoints`].

use futures_util::future::join_all;

use super::sample::HOSTILE_NAMES;
use crate::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Version};

/// Generates one test per case. `$make` returns an empty store and a guard kept alive by the test:
/// `checkpoints_conformance!(make)` with `async fn make() -> (impl Checkpoints, impl Sized)`.
#[macro_export]
macro_rules! checkpoints_conformance {
    ($make:path) => {
        $crate::conformance_tests! { checkpoints, $make;
            a_missing_checkpoint_is_not_found,
            a_saved_checkpoint_is_kept_unchanged,
            a_checkpoint_save_requires_the_version_read,
            one_of_many_concurrent_checkpoint_saves_wins,
            a_removed_checkpoint_can_be_created_again,
            a_concurrently_saved_checkpoint_is_not_removed,
            checkpoints_of_different_kinds_are_separate,
            hostile_checkpoint_names_are_kept_apart,
            checkpoints_are_listed_by_name_in_pages,
        }
    };
}

/// A missing checkpoint is no error; saving on top of it and removing it fail without effect.
pub async fn a_missing_checkpoint_is_not_found(checkpoints: &impl Checkpoints) {
    assert_eq!(checkpoints.get(&key("x")).await.unwrap(), None);
    assert_eq!(checkpoints.save(&key("x"), Some(Version(1)), "doc").await.unwrap(), None);
    assert!(!checkpoints.remove(&key("x"), Version(1)).await.unwrap());
    assert_eq!(checkpoints.get(&key("x")).await.unwrap(), None);
}

/// Content is preserved byte by byte, under the version returned by `save`.
pub async fn a_saved_checkpoint_is_kept_unchanged(checkpoints: &impl Checkpoints) {
    let large = "\u{1f511}".repeat(8_000);
    for doc in HOSTILE_NAMES.into_iter().chain(["", "{ \"a\" : 1 }\n", &large]) {
        let before = checkpoints.get(&key("x")).await.unwrap().map(|checkpoint| checkpoint.version);
        let version = checkpoints.save(&key("x"), before, doc).await.unwrap().expect("no concurrent save");
        let expected = Checkpoint { doc: doc.to_owned(), version };
        assert_eq!(checkpoints.get(&key("x")).await.unwrap(), Some(expected));
    }
}

/// A save with an older version, or none, changes nothing.
pub async fn a_checkpoint_save_requires_the_version_read(checkpoints: &impl Checkpoints) {
    let first = add(checkpoints, &key("x"), "1").await;
    assert_eq!(checkpoints.save(&key("x"), None, "late").await.unwrap(), None);
    let second = checkpoints.save(&key("x"), Some(first), "2").await.unwrap().expect("no concurrent save");
    assert_ne!(first, second, "every save gives a version of its own");
    for late in [None, Some(first)] {
        assert_eq!(checkpoints.save(&key("x"), late, "late").await.unwrap(), None);
    }
    let kept = Checkpoint { doc: "2".to_owned(), version: second };
    assert_eq!(checkpoints.get(&key("x")).await.unwrap(), Some(kept));
}

/// Holds for overlapping saves and for a new checkpoint.
pub async fn one_of_many_concurrent_checkpoint_saves_wins(checkpoints: &impl Checkpoints) {
    let mut before = None;
    let key = &key("x");
    for round in 0..3 {
        let saves = (0..16).map(|n| async move { checkpoints.save(key, before, &format!("{round} {n}")).await });
        let won: Vec<_> = join_all(saves).await.into_iter().filter_map(|saved| saved.ok().flatten()).collect();
        assert_eq!(won.len(), 1, "round {round}");
        before = Some(won[0]);
    }
}

/// A version from before the removal never matches a later checkpoint.
pub async fn a_removed_checkpoint_can_be_created_again(checkpoints: &impl Checkpoints) {
    let first = add(checkpoints, &key("x"), "1").await;
    assert!(checkpoints.remove(&key("x"), first).await.unwrap());
    assert_eq!(checkpoints.get(&key("x")).await.unwrap(), None);
    assert!(!checkpoints.remove(&key("x"), first).await.unwrap(), "it is gone already");
    assert_eq!(checkpoints.save(&key("x"), Some(first), "late").await.unwrap(), None);
    let again = add(checkpoints, &key("x"), "2").await;
    assert_ne!(first, again, "no version is given twice");
    assert_eq!(checkpoints.save(&key("x"), Some(first), "late").await.unwrap(), None);
    assert!(!checkpoints.remove(&key("x"), first).await.unwrap());
    assert_eq!(checkpoints.get(&key("x")).await.unwrap().unwrap().doc, "2");
}

/// The version passed to `remove` is outdated.
pub async fn a_concurrently_saved_checkpoint_is_not_removed(checkpoints: &impl Checkpoints) {
    let first = add(checkpoints, &key("x"), "1").await;
    checkpoints.save(&key("x"), Some(first), "2").await.unwrap().expect("no concurrent save");
    assert!(!checkpoints.remove(&key("x"), first).await.unwrap());
    assert_eq!(checkpoints.get(&key("x")).await.unwrap().unwrap().doc, "2");
}

/// Equal names of different kinds are different checkpoints.
pub async fn checkpoints_of_different_kinds_are_separate(checkpoints: &impl Checkpoints) {
    let keys = CheckpointKind::ALL.map(|kind| CheckpointKey { kind, name: "x".to_owned() });
    for key in &keys {
        add(checkpoints, key, key.kind.name()).await;
    }
    for key in &keys {
        assert_eq!(checkpoints.get(key).await.unwrap().unwrap().doc, key.kind.name());
        assert_eq!(names(checkpoints, key.kind, None, 10).await, ["x"]);
    }
    let version = checkpoints.get(&keys[1]).await.unwrap().unwrap().version;
    assert!(checkpoints.remove(&keys[1], version).await.unwrap());
    assert_eq!(names(checkpoints, keys[1].kind, None, 10).await, [""; 0]);
    assert_eq!(names(checkpoints, keys[0].kind, None, 10).await, ["x"]);
}

/// Names are data, ordered by their bytes.
pub async fn hostile_checkpoint_names_are_kept_apart(checkpoints: &impl Checkpoints) {
    let longest = ["\u{1f511}".repeat(1024), "\u{1f511}".repeat(1023)];
    let mut expected: Vec<&str> = HOSTILE_NAMES.into_iter().chain(longest.iter().map(String::as_str)).collect();
    expected.push("");
    for name in &expected {
        add(checkpoints, &key(name), &format!("of {name}")).await;
    }
    for name in &expected {
        assert_eq!(checkpoints.get(&key(name)).await.unwrap().unwrap().doc, format!("of {name}"));
    }
    expected.sort_unstable();
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, None, 100).await, expected);
    for (at, name) in expected.iter().enumerate() {
        let rest = names(checkpoints, CheckpointKind::OpenLog, Some(name), 100).await;
        assert_eq!(rest, expected[at + 1..], "behind {name:?}");
    }
}

/// Each page starts after the previous one, even if the last name is gone.
pub async fn checkpoints_are_listed_by_name_in_pages(checkpoints: &impl Checkpoints) {
    for name in ["b", "a", "c/1", "c", "B"] {
        add(checkpoints, &key(name), "doc").await;
    }
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, None, 2).await, ["B", "a"]);
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, Some("a"), 2).await, ["b", "c"]);
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, Some("bb"), 9).await, ["c", "c/1"]);
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, Some("c/1"), 9).await, [""; 0]);
    assert_eq!(names(checkpoints, CheckpointKind::OpenLog, None, 0).await, [""; 0]);
    let (name, listed) = checkpoints.list(CheckpointKind::OpenLog, None, 1).await.unwrap().remove(0);
    assert_eq!(checkpoints.get(&key(&name)).await.unwrap(), Some(listed));
}

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::OpenLog, name: name.to_owned() }
}

async fn add(checkpoints: &impl Checkpoints, key: &CheckpointKey, doc: &str) -> Version {
    checkpoints.save(key, None, doc).await.unwrap().expect("there is none of this name")
}

async fn names(checkpoints: &impl Checkpoints, kind: CheckpointKind, after: Option<&str>, limit: usize) -> Vec<String> {
    let listed = checkpoints.list(kind, after, limit).await.unwrap();
    listed.into_iter().map(|(name, _)| name).collect()
}
