//! The database file: opening it, sharing it, and reading it again.

use std::fs;
use std::path::PathBuf;
use std::slice;
use std::sync::Arc;

use adapters_local::sqlite::{
    OpenError, SqliteCatalogue, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteStore,
};
use jiff::SignedDuration;
use pipeline::ports::{Catalogue, FaultKind, Loaded, Notifications, Quarantine, Queue, QueueName, Version};
use pipeline::testing::{TestClock, sample};
use rusqlite::Connection;
use tempfile::TempDir;

fn file() -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (folder.path().join("catalogue.sqlite"), folder)
}

#[tokio::test]
async fn a_saved_catalogue_survives_reopening() {
    let (path, _folder) = file();
    let entry = sample::large_entry(&sample::address("vm-user"), sample::second(0));
    let clock = Arc::new(TestClock::default());
    {
        let store = SqliteStore::open(&path).unwrap();
        let save = SqliteCatalogue::new(&store);
        save.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap().unwrap();
        let queue = SqliteQueue::new(&store, clock.clone());
        queue.send(QueueName::Notifications, "body", SignedDuration::ZERO).await.unwrap();
    }
    let store = SqliteStore::open(&path).unwrap();
    let loaded = SqliteCatalogue::new(&store).lives(&entry.address).await.unwrap();
    assert_eq!((loaded.lives.entries, loaded.version), (vec![entry], Version(1)));
    let messages = SqliteQueue::new(&store, clock);
    let messages = messages.receive(QueueName::Notifications, 10, SignedDuration::ZERO).await.unwrap();
    assert_eq!(messages.len(), 1);
}

#[tokio::test]
async fn a_reader_sees_concurrent_saves_and_cannot_write() {
    let (path, _folder) = file();
    let writing = SqliteCatalogue::new(&SqliteStore::open(&path).unwrap());
    let existing = SqliteStore::open_existing(&path).unwrap();
    let reading = SqliteCatalogue::new(&existing);
    for n in 0..3 {
        let entry = sample::entry(&sample::address(&format!("vm-{n}")), sample::second(n));
        writing.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap().unwrap();
        assert_eq!(reading.lives_of(entry.id).await.unwrap().unwrap().lives.entries, [entry]);
    }
    let entry = sample::entry(&sample::address("vm-other"), sample::second(9));
    let fault = reading.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    assert!(fault.to_string().contains("readonly"), "{fault}");
}

#[tokio::test]
async fn two_stores_on_one_file_race_like_two_on_one_name() {
    let (path, _folder) = file();
    let stores = [SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap()];
    let [one, two] = stores.each_ref().map(SqliteCatalogue::new);
    let entry = sample::entry(&sample::address("vm-user"), sample::second(0));
    assert_eq!(
        one.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap(),
        Some(Version(1))
    );
    assert_eq!(two.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap(), None);
    assert_eq!(
        two.save(&one.lives(&entry.address).await.unwrap(), slice::from_ref(&entry)).await.unwrap(),
        Some(Version(2))
    );
}

#[tokio::test]
async fn the_adapters_of_one_store_need_no_files_of_their_own() {
    let (path, folder) = file();
    let store = SqliteStore::open(&path).unwrap();
    assert!(SqliteNotifications::new(&store).forgotten(sample::second(0), 1).await.unwrap().is_empty());
    assert!(SqliteQuarantine::new(&store).since(sample::second(0), 1).await.unwrap().is_empty());
    drop(store);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["catalogue.sqlite"], "a closed database is one file");
}

#[test]
fn reading_does_not_create_a_database() {
    let (path, _folder) = file();
    let error = SqliteStore::open_existing(&path).unwrap_err();
    assert!(matches!(&error, OpenError::Absent(absent) if *absent == path), "{error}");
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_unchanged() {
    let (path, _folder) = file();
    let text = "name,size\n".repeat(1000);
    fs::write(&path, &text).unwrap();
    for opened in [SqliteStore::open(&path), SqliteStore::open_existing(&path)] {
        let error = opened.unwrap_err();
        assert!(matches!(error, OpenError::NotADatabase { .. }), "{error}");
        assert!(error.to_string().contains("catalogue.sqlite"), "{error}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn an_impossible_database_path_is_unreadable() {
    let (path, folder) = file();
    for path in [folder.path().to_owned(), path.join("below")] {
        let error = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(error, OpenError::Unreadable { .. }), "{error}");
        assert!(error.to_string().contains(&format!("{path:?}")), "{error}");
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_left_unchanged() {
    let (path, _folder) = file();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let before = fs::read(&path).unwrap();
    for opened in [SqliteStore::open(&path), SqliteStore::open_existing(&path)] {
        let error = opened.unwrap_err();
        assert!(matches!(error, OpenError::Foreign(_)), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_database_version_is_refused_and_left_unchanged() {
    let (path, _folder) = file();
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let before = fs::read(&path).unwrap();
    for opened in [SqliteStore::open(&path), SqliteStore::open_existing(&path)] {
        let error = opened.unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: 2, .. }), "{error}");
        assert!(error.to_string().contains("upgrade"), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_opened_concurrently_is_created_once() {
    let (path, _folder) = file();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::open(&path))).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    for store in opened {
        store.unwrap();
    }
}

#[tokio::test]
async fn a_read_only_database_has_no_side_files() {
    let (path, folder) = file();
    drop(SqliteStore::open(&path).unwrap());
    let files = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        files.map(|path| (fs::read(&path).unwrap(), path)).collect::<Vec<_>>()
    };
    let before = files();
    let store = SqliteStore::open_to_look(&path).unwrap();
    let catalogue = SqliteCatalogue::new(&store);
    let entry = sample::large_entry(&sample::address("vm-user"), sample::second(0));
    let loaded = catalogue.lives(&entry.address).await.unwrap();
    assert_eq!(loaded, Loaded::nothing(entry.address.clone()));
    assert!(catalogue.save(&loaded, slice::from_ref(&entry)).await.is_err());
    assert_eq!(files(), before);
}

#[tokio::test]
async fn a_concurrently_written_database_is_read_in_its_present_state() {
    let (path, _folder) = file();
    drop(SqliteStore::open(&path).unwrap());
    let look = SqliteCatalogue::new(&SqliteStore::open_to_look(&path).unwrap());
    let entry = sample::large_entry(&sample::address("vm-user"), sample::second(0));
    let lives = async || look.lives(&entry.address).await.unwrap().lives.entries.len();
    assert_eq!(lives().await, 0);
    let writer = SqliteStore::open(&path).unwrap();
    let save = SqliteCatalogue::new(&writer);
    save.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap().unwrap();
    assert_eq!(lives().await, 1, "while another connection is open");
    drop((save, writer));
    assert_eq!(lives().await, 1, "after the connection is closed");
}
