//! A database file of version 1, opened by the present archivist.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use adapters_local::sqlite::{OpenError, SqliteCatalogue, SqliteNotifications, SqliteSessions, SqliteStore};
use domain::catalogue::{Entry, Joined, State};
use domain::delivery::Delivery;
use domain::estate::BastionName;
use domain::join::JoinKey;
use domain::session::Span;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Heading, ListRequest, Loaded, Notifications, Sessions, Version};
use pipeline::stored;
use pipeline::testing::{notifications, sample};
use rusqlite::{Connection, params};
use tempfile::TempDir;

const SETTLED: &str = include_str!("../../../pipeline/tests/golden/stored-v1/entry-settled.json");
const DELETED: &str = include_str!("../../../pipeline/tests/golden/stored-v1/entry-deleted-hostile-name.json");
const SAVE_OF_VERSION_1: &str = "INSERT INTO entries (id, name_id, state, due_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, doc = excluded.doc";

/// Creates a database of version 1 with these entries.
fn version_1(docs: &[&str]) -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let database = Connection::open(&path).unwrap();
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    database.execute_batch(include_str!("../../src/sqlite/schema-1.sql")).unwrap();
    database.pragma_update(None, "application_id", 0x4241_7263).unwrap();
    database.pragma_update(None, "user_version", 1).unwrap();
    for (doc, name) in docs.iter().zip(1..) {
        let entry = stored::entry::decode(doc).unwrap();
        let address = &entry.address;
        let parts = params![address.account.as_str(), address.container.as_str(), address.name.as_str(), name];
        let add = "INSERT INTO names (account, container, name, version, id) VALUES (?1, ?2, ?3, 3, ?4)";
        database.execute(add, parts).unwrap();
        let due_at = entry.due_at().map(|at| i64::try_from(at.as_nanosecond()).unwrap());
        let row = params![entry.id.to_string(), name, entry.state.name(), due_at, doc.trim_end()];
        database.execute(SAVE_OF_VERSION_1, row).unwrap();
    }
    (path, folder)
}

/// Decodes an entry of version 1.
fn golden(doc: &str) -> Entry {
    let entry = stored::entry::decode(doc).unwrap();
    assert_eq!((&entry.keys, &entry.joined), (&vec![], &Joined::default()));
    entry
}

/// Both golden entries; their files have the same id, so one gets another.
fn two_entries() -> [String; 2] {
    [SETTLED.to_owned(), DELETED.replace("rec_0sjsbfgbk4dn68yjsz5jgpqz3a", "rec_0sjsbfgbk4dn68yjsz5jgpqz3b")]
}

async fn under(catalogue: &SqliteCatalogue, heading: Heading) -> Vec<Entry> {
    catalogue.list(&ListRequest { under: Some(heading), below: None, from: None, limit: 10 }).await.unwrap()
}

#[tokio::test]
async fn everything_of_version_1_is_found_under_its_headings_and_by_name() {
    let docs = two_entries();
    let (path, _folder) = version_1(&docs.each_ref().map(String::as_str));
    for _ in 0..2 {
        let catalogue = SqliteCatalogue::new(&SqliteStore::open(&path).unwrap());
        for entry in docs.each_ref().map(|doc| golden(doc)) {
            let expected = slice::from_ref(&entry);
            assert_eq!(under(&catalogue, Heading::State(entry.state)).await, expected);
            assert_eq!(under(&catalogue, Heading::Bastion(entry.bastion.clone())).await, expected);
            let loaded = catalogue.lives(&entry.address).await.unwrap();
            assert_eq!((loaded.lives.entries.as_slice(), loaded.version), (expected, Version(3)));
            assert_eq!(catalogue.lives_of(entry.id).await.unwrap(), Some(loaded));
        }
        assert_eq!(under(&catalogue, Heading::Match("pending".to_owned())).await.len(), 2);
        assert_eq!(catalogue.due(Timestamp::MAX, None, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_entry_of_version_1_is_saved_with_all_that_is_new() {
    let (path, _folder) = version_1(&[SETTLED]);
    let catalogue = SqliteCatalogue::new(&SqliteStore::open(&path).unwrap());
    let mut entry = golden(SETTLED);
    let key = JoinKey::fold(entry.address.name.as_str());
    entry.keys = vec![key.clone()];
    entry.joined.verdict = sample::matched(sample::facts("t1", sample::second(0)));
    entry.state = State::Deleted;
    entry.revision += 1;
    let before = catalogue.lives(&entry.address).await.unwrap();
    catalogue.save(&before, slice::from_ref(&entry)).await.unwrap().unwrap();
    for heading in [Heading::State(State::Deleted), Heading::person("person@contoso.example"), Heading::machine("vm")] {
        assert_eq!(under(&catalogue, heading).await, slice::from_ref(&entry));
    }
    for heading in [Heading::State(State::Settled), Heading::Match("pending".to_owned())] {
        assert_eq!(under(&catalogue, heading).await, []);
    }
    let always = Span { first: Timestamp::MIN, last: Timestamp::MAX };
    let near = catalogue.near(&entry.bastion, &[key], always, 10).await.unwrap();
    assert_eq!(near, [entry]);
}

#[tokio::test]
async fn a_damaged_entry_keeps_no_database_from_being_upgraded() {
    let docs = two_entries();
    let (path, _folder) = version_1(&docs.each_ref().map(String::as_str));
    let damage = "UPDATE entries SET doc = substr(doc, 1, 40) WHERE state = 'deleted'";
    Connection::open(&path).unwrap().execute_batch(damage).unwrap();
    let catalogue = SqliteCatalogue::new(&SqliteStore::open(&path).unwrap());
    assert_eq!(under(&catalogue, Heading::State(State::Settled)).await, [golden(SETTLED)]);
    let deleted = ListRequest { under: Some(Heading::State(State::Deleted)), below: None, from: None, limit: 10 };
    assert!(catalogue.list(&deleted).await.unwrap_err().to_string().contains("damaged"), "it is not lost in silence");
}

#[tokio::test]
async fn a_database_upgraded_by_many_at_once_is_upgraded_once() {
    let (path, _folder) = version_1(&[SETTLED]);
    let opened: Vec<_> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::open(&path))).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    for store in opened {
        let store = store.unwrap();
        assert_eq!(under(&SqliteCatalogue::new(&store), Heading::State(State::Settled)).await.len(), 1);
        let due = SqliteSessions::new(&store).due(Timestamp::MAX, None, 1).await.unwrap();
        assert_eq!(due, []);
    }
}

#[test]
fn a_reader_of_version_1_is_told_what_upgrades_it_and_leaves_it_as_it_is() {
    let (path, _folder) = version_1(&[SETTLED]);
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open_existing(&path).unwrap_err();
    assert!(matches!(error, OpenError::Older { found: 1, .. }), "{error}");
    assert!(error.to_string().contains("run it once") && !error.is_transient(), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    SqliteStore::open(&path).unwrap();
    SqliteStore::open_existing(&path).unwrap();
}

#[test]
fn an_archivist_of_version_1_that_still_runs_saves_nothing_without_headings() {
    let (path, _folder) = version_1(&[SETTLED]);
    let old = Connection::open(Path::new(&path)).unwrap();
    let mut save = old.prepare(SAVE_OF_VERSION_1).unwrap();
    SqliteStore::open(&path).unwrap();
    let error = save.execute(params!["rec_x", 1, "active", None::<i64>, "{}"]).unwrap_err();
    assert!(error.to_string().contains("state"), "{error}");
}

#[tokio::test]
async fn a_new_database_has_what_an_upgraded_one_has() {
    let schema = |path: &Path| {
        let database = Connection::open(path).unwrap();
        let mut rows = database.prepare("SELECT name, type, tbl_name FROM sqlite_schema ORDER BY name").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<rusqlite::Result<Vec<(String, String, String)>>>().unwrap()
    };
    let (upgraded, _one) = version_1(&[]);
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("catalogue.sqlite");
    let stores = [SqliteStore::open(&upgraded).unwrap(), SqliteStore::open(&new).unwrap()];
    assert_eq!(schema(&upgraded), schema(&new));
    for store in &stores {
        let entry = sample::entry(&sample::address("vm-user"), sample::second(0));
        let catalogue = SqliteCatalogue::new(store);
        catalogue.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap().unwrap();
        assert_eq!(under(&catalogue, Heading::Bastion(BastionName::new("bas-hub-01"))).await, [entry]);
    }
}

#[tokio::test]
async fn what_was_given_up_before_the_upgrade_is_found_by_its_time() {
    let (path, _folder) = version_1(&[]);
    let mut record = notifications::record("x", sample::second(0));
    let exact = "2026-03-02T09:00:10.000000070Z".parse().unwrap();
    for (channel, at) in [("ops", sample::second(5)), ("siem", exact)] {
        let given_up = Delivery::GivenUp { at, attempts: 8, reason: "HTTP 503".to_owned() };
        record.deliveries.insert(channel.to_owned(), given_up);
    }
    let whole = notifications::record("waits", sample::second(0));
    let add = "INSERT INTO notifications (id, version, forgotten_at, doc) VALUES (?1, 1, NULL, ?2)";
    let database = Connection::open(&path).unwrap();
    for record in [&record, &whole] {
        database.execute(add, params![record.id.as_str(), stored::notification::encode(record).unwrap()]).unwrap();
    }
    database.execute(add, params!["damaged", "{"]).unwrap();
    let outbox = SqliteNotifications::new(&SqliteStore::open(&path).unwrap());
    let found = async |since| outbox.given_up(since, None, 10).await.unwrap();
    let all: Vec<_> = found(Timestamp::MIN).await.into_iter().map(|stored| stored.record).collect();
    assert_eq!(all, [record]);
    assert_eq!(found(exact).await.len(), 1);
    assert_eq!(found(exact.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap()).await, []);
}
