//! Finds the newest recording of a bastion.

use domain::record::catalogue::Entry;
use domain::record::estate::Bastion;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;

use crate::ports::{Catalogue, Fault, Heading, ListRequest};

/// Entries per page: the newest ones may record only a delete.
const PAGE: usize = 20;

/// Maximum number of pages to search for an entry with a creation time.
const PAGES: usize = 50;

/// Returns the creation time of the bastion's newest recording, searched among the newest thousand entries.
pub(crate) async fn newest_recording(catalogue: &dyn Catalogue, bastion: &Bastion) -> Result<Option<Timestamp>, Fault> {
    newest(catalogue, bastion, Entry::created_at).await
}

/// Returns the newest of these times of the bastion's recordings, searched among the newest thousand entries.
pub(crate) async fn newest(
    catalogue: &dyn Catalogue,
    bastion: &Bastion,
    at: fn(&Entry) -> Option<Timestamp>,
) -> Result<Option<Timestamp>, Fault> {
    let mut below: Option<RecordingId> = None;
    for _ in 0..PAGES {
        let under = Some(Heading::Bastion(bastion.name.clone()));
        let request = ListRequest { under, below, from: None, limit: PAGE };
        let page = catalogue.list(&request).await?;
        let newest = page.iter().filter_map(at).max();
        below = page.last().map(|entry| entry.id);
        if newest.is_some() || below.is_none() {
            return Ok(newest);
        }
    }
    Ok(None)
}
