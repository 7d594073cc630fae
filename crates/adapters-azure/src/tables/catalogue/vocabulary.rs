//! Writes and reads the vocabulary of a search.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use domain::record::catalogue::Entry;
use pipeline::ports::{Fault, Heading, Loaded};

use super::TableCatalogue;
use crate::tables::lookup;

/// Maximum number of remembered headings; then all are forgotten.
const REMEMBERED: usize = 4096;

/// Headings whose words this process has written. A forgotten one costs a repeated write.
#[derive(Debug, Default)]
pub(super) struct WrittenWords(Mutex<HashSet<Heading>>);

impl WrittenWords {
    /// Returns the searched headings that a save adds, without those written already.
    pub(super) fn missing(&self, before: &Loaded, changed: &[Entry]) -> Vec<Heading> {
        let old = changed.iter().filter_map(|entry| before.lives.entry(entry.id)).flat_map(Heading::for_entry);
        let old: HashSet<Heading> = old.collect();
        let written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new: HashSet<Heading> = changed.iter().flat_map(Heading::for_entry).collect();
        let is_missing = |one: &Heading| one.is_searched() && !old.contains(one) && !written.contains(one);
        new.into_iter().filter(is_missing).collect()
    }

    /// Remembers headings whose words are written.
    pub(super) fn remember(&self, headings: Vec<Heading>) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() + headings.len() > REMEMBERED {
            written.clear();
        }
        written.extend(headings);
    }
}

impl TableCatalogue {
    /// Reads headings with a word that begins with `prefix`, page by page.
    pub(super) async fn headings(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        let (range, mut found, mut next) = (lookup::words(prefix), BTreeSet::new(), None);
        loop {
            let page = self.store.entries.page(&range, limit, lookup::COLUMNS, next.as_ref()).await;
            let page = page.map_err(|failure| failure.fault("find the headings of a word"))?;
            found.extend(page.rows.iter().filter_map(lookup::to_heading));
            next = page.next;
            if found.len() >= limit || next.is_none() {
                return Ok(found.into_iter().take(limit).collect());
            }
        }
    }
}
