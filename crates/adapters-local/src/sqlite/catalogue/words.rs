//! Reads headings by their words.

use std::collections::BTreeSet;

use pipeline::ports::Heading;
use rusqlite::Connection;

use super::statements::WORDS;

/// Returns at most `limit` headings with a word that begins with `prefix`.
pub(super) fn headings(connection: &Connection, prefix: &str, limit: usize) -> rusqlite::Result<Vec<Heading>> {
    let mut statement = connection.prepare_cached(WORDS)?;
    let mut rows = statement.query([prefix])?;
    let mut found = BTreeSet::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let (word, kind, value): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if !word.starts_with(prefix) {
            break;
        }
        found.extend(Heading::searched(&kind, &value));
    }
    Ok(found.into_iter().collect())
}
