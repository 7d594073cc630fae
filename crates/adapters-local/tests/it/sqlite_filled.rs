//! A store with many saves per commit: the view of other processes, and the state after a crash.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use adapters_local::sqlite::{SqliteCatalogue, SqliteCheckpoints, SqliteStore};
use domain::address::BlobAddress;
use pipeline::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Loaded};
use pipeline::testing::sample;
use tempfile::TempDir;

fn file() -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (folder.path().join("catalogue.sqlite"), folder)
}

async fn save(catalogue: &SqliteCatalogue, name: &str) -> BlobAddress {
    let address = sample::address(name);
    let entry = sample::entry(&address, sample::second(0));
    catalogue.save(&Loaded::nothing(address.clone()), &[entry]).await.unwrap().unwrap();
    address
}

async fn has(catalogue: &SqliteCatalogue, address: &BlobAddress) -> bool {
    !catalogue.lives(address).await.unwrap().lives.entries.is_empty()
}

#[tokio::test]
async fn an_uncommitted_save_is_visible_only_to_its_saver() {
    let (path, _folder) = file();
    let store = SqliteStore::open_to_fill(&path).unwrap();
    let (filling, other) = (SqliteCatalogue::new(&store), SqliteCatalogue::new(&SqliteStore::open(&path).unwrap()));
    let address = save(&filling, "vm-user").await;
    assert!(has(&filling, &address).await);
    assert!(!has(&other, &address).await);
    store.commit().unwrap();
    assert!(has(&other, &address).await);
    store.commit().unwrap();
}

#[tokio::test]
async fn a_crash_before_a_commit_leaves_the_last_commit() {
    let (path, _folder) = file();
    let store = SqliteStore::open_to_fill(&path).unwrap();
    let (catalogue, checkpoints) = (SqliteCatalogue::new(&store), SqliteCheckpoints::new(&store));
    let kept = save(&catalogue, "vm-kept").await;
    store.commit().unwrap();
    let lost = save(&catalogue, "vm-lost").await;
    let key = CheckpointKey { kind: CheckpointKind::Container, name: "recordings".to_owned() };
    checkpoints.save(&key, None, "{}").await.unwrap().unwrap();
    drop((store, catalogue, checkpoints));
    let store = SqliteStore::open_to_fill(&path).unwrap();
    let catalogue = SqliteCatalogue::new(&store);
    assert!(has(&catalogue, &kept).await && !has(&catalogue, &lost).await);
    assert!(SqliteCheckpoints::new(&store).get(&key).await.unwrap().is_none(), "nor how far it had come");
}

#[test]
fn another_process_can_write_between_commits_of_a_fill() {
    let (path, _folder) = file();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let filling = SqliteCatalogue::new(&SqliteStore::open_to_fill(&path).unwrap());
    let other = SqliteCatalogue::new(&SqliteStore::open(&path).unwrap());
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = runtime();
            (0..).take_while(|_| !is_done.load(Ordering::Relaxed)).for_each(|n| {
                runtime.block_on(save(&filling, &format!("vm-{n}")));
            });
        });
        for n in 0..3 {
            let saved =
                thread::scope(|inner| inner.spawn(|| runtime().block_on(save(&other, &format!("x-{n}")))).join());
            is_done.store(saved.is_err(), Ordering::Relaxed);
            saved.unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
    });
}
