//! Tests that need internals: query plans, a full disk, a caller that stops waiting.

use std::sync::Arc;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::session::SessionEntry;
use pipeline::ports::{Catalogue, Clock, FaultKind, Loaded, Queue, QueueName, SessionChange, Sessions, Version};
use pipeline::stored;
use pipeline::testing::{TestClock, sample};
use tempfile::TempDir;

use super::catalogue::statements as catalogue;
use super::sessions::statements as sessions;
use super::{SqliteCatalogue, SqliteQueue, SqliteSessions, SqliteStore, checkpoints, notifications, quarantine, queue};

fn store() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open(folder.path().join("catalogue.sqlite")).unwrap(), folder)
}

fn sql(store: &SqliteStore, sql: &str) {
    store.connections.run(|connection| connection.execute_batch(sql)).unwrap();
}

/// Statements that run while the archivist works. Statements of an upgrade or a listing of everything may scan.
const STATEMENTS: &[&str] = &[
    catalogue::LIVES,
    catalogue::LIVES_OF,
    catalogue::NAME,
    catalogue::NEXT_VERSION,
    catalogue::PUT,
    catalogue::PUT_DOC,
    catalogue::REMOVE_HEADING,
    catalogue::REMOVE_KEY,
    catalogue::LIST,
    catalogue::LIST_UNDER,
    catalogue::IS_HEADING,
    catalogue::WORDS,
    catalogue::NEAR,
    catalogue::DOC,
    catalogue::BY_NAME,
    catalogue::DISPOSALS,
    catalogue::DUE,
    sessions::GET,
    sessions::ID,
    sessions::SAVE,
    sessions::SAVE_GAP,
    sessions::SAVE_DUE,
    sessions::SAVE_DOC,
    sessions::REMOVE_KEY,
    sessions::NEAR,
    sessions::DOC,
    sessions::LIST,
    sessions::LIST_OF,
    sessions::LIST_GAPS,
    sessions::LIST_GAPS_OF,
    sessions::DUE,
    checkpoints::GET,
    checkpoints::REMOVE,
    checkpoints::LIST,
    queue::VISIBLE,
    queue::TAKE,
    queue::RELEASE,
    queue::DELETE,
    queue::NEXT_VISIBLE,
    queue::DEPTH,
    notifications::GET,
    notifications::SAVE,
    notifications::FORGOTTEN,
    notifications::GIVEN_UP,
    quarantine::GET,
    quarantine::SINCE,
    quarantine::BEHIND,
    quarantine::UNANNOUNCED,
    quarantine::ANNOUNCED,
    quarantine::REMOVE,
];

#[tokio::test]
async fn no_statement_scans_or_sorts_a_table() {
    let (store, _folder) = store();
    for statement in STATEMENTS {
        let plan = store.connections.run(|connection| {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
            for parameter in 1..=explain.parameter_count() {
                explain.raw_bind_parameter(parameter, 1)?;
            }
            explain.raw_query().mapped(|row| row.get("detail")).collect::<rusqlite::Result<Vec<String>>>()
        });
        let plan = plan.unwrap().join("\n");
        // The rows of one name are sorted alone: they are the few lives of one blob.
        let plan = plan.replace("USE TEMP B-TREE FOR LAST TERM OF ORDER BY", "");
        assert!(
            plan.contains("SEARCH") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
            "{statement}\n{plan}"
        );
    }
}

#[tokio::test]
async fn entry_index_columns_are_written_only_on_change() {
    let (store, _folder) = store();
    let catalogue = SqliteCatalogue::new(&store);
    let mut entry = sample::large_entry(&sample::address("vm-user"), sample::second(0));
    catalogue.save(&Loaded::nothing(entry.address.clone()), std::slice::from_ref(&entry)).await.unwrap();
    forbid(&store, "headings", "");
    forbid(&store, "entry_keys", "");
    forbid(&store, "entries", "OF due_at");
    entry.revision += 1;
    entry.final_at = Some(sample::second(9));
    let before = catalogue.lives(&entry.address).await.unwrap();
    catalogue.save(&before, std::slice::from_ref(&entry)).await.unwrap().unwrap();
    let before = catalogue.lives(&entry.address).await.unwrap();
    assert_eq!(before.lives.entries, std::slice::from_ref(&entry));
    entry.state = RecordingState::Deleted;
    catalogue.save(&before, std::slice::from_ref(&entry)).await.unwrap_err();
}

#[tokio::test]
async fn session_index_columns_are_written_only_on_change() {
    let (store, _folder) = store();
    let sessions = SqliteSessions::new(&store);
    let id = sample::session_id("bas", "t1");
    let first = sample::ended(id.clone(), "vm", "user", sample::second(0));
    let new = SessionChange { before: SessionEntry::new(id), after: first.clone() };
    assert_eq!(sessions.save(&[new]).await.unwrap(), [true]);
    forbid(&store, "session_keys", "");
    forbid(&store, "sessions", "OF at, has_gap, due_at");
    let told = ["client".to_owned()].into();
    let again = SessionEntry { revision: 2, notified_bursts: told, ..first.clone() };
    let change = SessionChange { before: first, after: again.clone() };
    assert_eq!(sessions.save(&[change]).await.unwrap(), [true]);
    let due = SessionEntry { revision: 3, wake_at: Some(sample::second(9)), ..again.clone() };
    sessions.save(&[SessionChange { before: again, after: due }]).await.unwrap_err();
}

/// Makes every change of a table's rows, or of these columns, fail.
fn forbid(store: &SqliteStore, table: &str, columns: &str) {
    for (at, change) in ["INSERT".to_owned(), "DELETE".to_owned(), format!("UPDATE {columns}")].iter().enumerate() {
        let trigger = format!("CREATE TRIGGER forbid_{table}_{at} BEFORE {change} ON {table}");
        sql(store, &format!("{trigger} BEGIN SELECT RAISE(ABORT, 'forbidden'); END"));
    }
}

#[tokio::test]
async fn a_full_disk_is_a_transient_fault_without_a_save() {
    let (store, _folder) = store();
    let catalogue = SqliteCatalogue::new(&store);
    let address = sample::address("vm-user");
    let lives: Vec<Entry> = (0..40).map(|n| sample::large_entry(&address, sample::second(n))).collect();
    sql(&store, "PRAGMA max_page_count = 20");
    let fault = catalogue.save(&Loaded::nothing(address.clone()), &lives).await.unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Transient { .. }), "{fault}");
    assert!(fault.to_string().contains("catalogue.sqlite\": database or disk is full"), "{fault}");
    assert_eq!(catalogue.lives(&address).await.unwrap().version, Version(0));
    sql(&store, "PRAGMA max_page_count = 100000");
    assert_eq!(catalogue.save(&Loaded::nothing(address.clone()), &lives).await.unwrap(), Some(Version(1)));
}

#[tokio::test]
async fn a_failed_batched_save_reverts_the_earlier_saves_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let store = SqliteStore::open_to_fill(&path).unwrap();
    let catalogue = SqliteCatalogue::new(&store);
    let (kept, lost) = (sample::address("vm-kept"), sample::address("vm-lost"));
    for address in [&kept, &lost] {
        let entry = sample::entry(address, sample::second(0));
        catalogue.save(&Loaded::nothing(address.clone()), &[entry]).await.unwrap().unwrap();
        if *address == kept {
            store.commit().unwrap();
        }
    }
    sql(&store, "PRAGMA max_page_count = 30");
    let large = sample::address("vm-large");
    let lives: Vec<Entry> = (0..40).map(|n| sample::large_entry(&large, sample::second(n))).collect();
    catalogue.save(&Loaded::nothing(large.clone()), &lives).await.unwrap_err();
    assert!(catalogue.lives(&lost).await.unwrap().lives.entries.is_empty(), "SQLite rolls back the whole transaction");
    let small = sample::entry(&large, sample::second(1));
    let fault = catalogue.save(&Loaded::nothing(large.clone()), &[small]).await.unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Transient { .. }), "{fault}");
    assert!(fault.to_string().contains("earlier saves were lost"), "{fault}");
    store.commit().unwrap_err();
    drop((store, catalogue));
    let again = SqliteCatalogue::new(&SqliteStore::open_to_fill(&path).unwrap());
    assert_eq!(again.lives(&kept).await.unwrap().lives.entries.len(), 1);
    assert!(again.lives(&lost).await.unwrap().lives.entries.is_empty());
}

#[tokio::test]
async fn an_abandoned_call_is_still_completed() {
    let (store, _folder) = store();
    let clock: Arc<dyn Clock> = Arc::new(TestClock::default());
    let queue = SqliteQueue::new(&store, clock);
    {
        let mut send = queue.send(QueueName::Notifications, "body", jiff::SignedDuration::ZERO);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let _ = send.as_mut().poll(&mut context);
    }
    assert_eq!(queue.depth(QueueName::Notifications).await.unwrap(), 1);
}

#[tokio::test]
async fn a_panicking_job_ends_only_itself_and_its_batch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    for (store, loses_batch) in
        [(SqliteStore::open(&path).unwrap(), false), (SqliteStore::open_to_fill(&path).unwrap(), true)]
    {
        let job = || store.connections.write(|_| -> rusqlite::Result<Option<()>> { panic!("a bug") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err());
        assert_eq!(store.connections.run(|connection| connection.execute_batch("SELECT 1")).is_err(), loses_batch);
    }
}

#[tokio::test]
async fn an_entry_of_a_newer_version_is_refused_and_left_unchanged() {
    let (store, _folder) = store();
    let catalogue = SqliteCatalogue::new(&store);
    let entry = sample::entry(&sample::address("vm-user"), sample::second(0));
    catalogue.save(&Loaded::nothing(entry.address.clone()), std::slice::from_ref(&entry)).await.unwrap();
    let newer = stored::entry::encode(&entry).unwrap().replacen("1", "2", 1).replace('\'', "''");
    sql(&store, &format!("UPDATE entries SET doc = '{newer}'"));
    let fault = catalogue.lives_of(entry.id).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    assert!(fault.to_string().contains(&entry.id.to_string()) && fault.to_string().contains("upgrade"), "{fault}");
    assert_eq!(catalogue.lives(&entry.address).await.unwrap_err().kind, FaultKind::Refused);
}

#[tokio::test]
async fn a_damaged_entry_is_named() {
    let (store, _folder) = store();
    let catalogue = SqliteCatalogue::new(&store);
    let entry = sample::entry(&sample::address("vm-user"), sample::second(0));
    catalogue.save(&Loaded::nothing(entry.address.clone()), std::slice::from_ref(&entry)).await.unwrap();
    sql(&store, "UPDATE entries SET doc = substr(doc, 1, 40)");
    let fault = catalogue.lives_of(entry.id).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Permanent, "{fault}");
    assert!(fault.to_string().contains(&entry.id.to_string()) && fault.to_string().contains("damaged"), "{fault}");
}
