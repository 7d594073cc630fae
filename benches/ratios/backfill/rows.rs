//! Writes the rows of a finished backfill again with SQLite alone.

use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::SqliteStore;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::{Measured, cpu};

/// Rows per transaction.
const TOGETHER: usize = 1_000;
/// Tables of recordings and sessions, each followed by its indexes.
const TABLES: [&str; 6] = ["names", "entries", "headings", "entry_keys", "sessions", "session_keys"];

/// Writes the stored form of every recording and session into one plain table. Returns the time spent writing.
pub fn write_docs(from: &Path, to: &Path) -> Measured<Duration> {
    let bare = Connection::open(to)?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    bare.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, doc TEXT NOT NULL) STRICT")?;
    let source = Connection::open(from)?;
    let mut cost = Duration::ZERO;
    for table in ["entries", "sessions"] {
        cost += copy(&source, &format!("SELECT doc FROM {table}"), &bare, "INSERT INTO rows (doc) VALUES (?)")?;
    }
    Ok(cost)
}

/// Writes the same rows into the same tables. Returns the time spent writing.
pub fn write_tables(from: &Path, to: &Path) -> Measured<Duration> {
    drop(SqliteStore::open(to)?);
    let bare = Connection::open(to)?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    bare.pragma_update(None, "foreign_keys", false)?;
    let source = Connection::open(from)?;
    let mut cost = Duration::ZERO;
    for table in TABLES {
        let select = format!("SELECT * FROM {table}");
        let columns = source.prepare(&select)?.column_count();
        let insert = format!("INSERT INTO {table} VALUES ({})", vec!["?"; columns].join(", "));
        cost += copy(&source, &select, &bare, &insert)?;
    }
    Ok(cost)
}

fn copy(source: &Connection, select: &str, bare: &Connection, insert: &str) -> Measured<Duration> {
    let mut select = source.prepare(select)?;
    let (columns, mut cost) = (select.column_count(), Duration::ZERO);
    let mut rows = select.query([])?;
    loop {
        let mut chunk: Vec<Vec<Value>> = Vec::new();
        while chunk.len() < TOGETHER
            && let Some(row) = rows.next()?
        {
            chunk.push((0..columns).map(|at| row.get(at)).collect::<Result<_, _>>()?);
        }
        if chunk.is_empty() {
            return Ok(cost);
        }
        let (written_in, written) = cpu::measure(cpu::elapsed, || write(bare, insert, chunk));
        written?;
        cost += written_in;
    }
}

fn write(bare: &Connection, insert: &str, rows: Vec<Vec<Value>>) -> rusqlite::Result<()> {
    let transaction = bare.unchecked_transaction()?;
    let mut statement = transaction.prepare_cached(insert)?;
    for row in rows {
        statement.execute(params_from_iter(row))?;
    }
    drop(statement);
    transaction.commit()
}
