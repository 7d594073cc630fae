//! A database upgraded to a made-up next version.

use std::slice;
use std::{fs, thread};

use pipeline::ports::{Catalogue, Loaded};
use pipeline::testing::sample;

use super::open::{OpenError, read_only_as, read_write_as};
use super::schema::{SCHEMA, Schema};
use super::{SqliteCatalogue, SqliteStore};

/// The present version and a next one, whose step must run once.
const NEXT: Schema = Schema {
    steps: &[SCHEMA.steps[0], "ALTER TABLE entries ADD COLUMN size INTEGER; UPDATE entries SET size = length(doc);"],
};

#[tokio::test]
async fn a_database_is_upgraded_once_and_then_refused_by_older_versions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let entry = sample::large_entry(&sample::address("vm-user"), sample::second(0));
    let store = SqliteStore::open(&path).unwrap();
    let catalogue = SqliteCatalogue::new(&store);
    catalogue.save(&Loaded::nothing(entry.address.clone()), slice::from_ref(&entry)).await.unwrap().unwrap();
    drop((catalogue, store));

    let before = fs::read(&path).unwrap();
    let error = read_only_as(NEXT, &path).unwrap_err();
    assert!(matches!(error, OpenError::Older { found: 1, known: 2, .. }), "{error}");
    assert!(error.to_string().contains("run it once"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before, "a reader changes nothing");

    thread::scope(|scope| {
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(|| read_write_as(NEXT, &path).unwrap())).collect();
        openers.into_iter().for_each(|opener| drop(opener.join().unwrap()));
    });
    let row = "SELECT id, size = length(doc) FROM entries";
    let upgraded = read_only_as(NEXT, &path).unwrap();
    let row: (String, bool) = upgraded.query_row(row, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(row, (entry.id.to_string(), true));
    for opened in [SqliteStore::open(&path), SqliteStore::open_existing(&path)] {
        let error = opened.unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: 2, known: 1, .. }), "{error}");
    }
}

#[test]
fn a_new_database_has_the_newest_version() {
    let folder = tempfile::tempdir().unwrap();
    let connection = read_write_as(NEXT, &folder.path().join("catalogue.sqlite")).unwrap();
    connection.execute_batch("SELECT size FROM entries").unwrap();
    assert_eq!(connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap(), 2);
}
