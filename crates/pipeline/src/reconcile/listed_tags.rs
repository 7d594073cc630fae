//! Compares the tags of many recordings with listings of their containers, instead of one request per recording.

use std::collections::{BTreeMap, HashMap};

use domain::address::{BlobName, ContainerAddress};
use domain::catalogue::Entry;
use domain::recording_id::RecordingId;
use domain::tags::TagSet;

use super::Reconcile;
use crate::deadline::MayGoOn;
use crate::ports::ListBlobs;

/// Blobs per page: the most that storage returns.
const PAGE: usize = 5_000;

/// Tags that the listings must show.
#[derive(Default)]
pub(super) struct ExpectedTags {
    by_container: BTreeMap<ContainerAddress, HashMap<BlobName, (RecordingId, TagSet)>>,
    /// Recordings that no listing can confirm.
    alone: Vec<RecordingId>,
    len: usize,
}

impl ExpectedTags {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry. `is_confirmable` is false if it must be checked even if its blob has the catalogued tags.
    pub(super) fn add(&mut self, entry: Entry, is_confirmable: bool) {
        self.len += 1;
        let names = self.by_container.entry(entry.address.container()).or_default();
        if !is_confirmable || names.contains_key(&entry.address.name) {
            self.alone.push(entry.id);
        } else {
            names.insert(entry.address.name, (entry.id, entry.tags));
        }
    }
}

impl Reconcile {
    /// Returns the recordings that the listings do not confirm, newest first: those with other tags, those not listed,
    /// and those not reached before the end of the call.
    pub(super) async fn unconfirmed(&self, expected: ExpectedTags, may_go_on: MayGoOn<'_>) -> Vec<RecordingId> {
        let ExpectedTags { by_container, mut alone, .. } = expected;
        for (container, mut names) in by_container {
            self.confirm(&container, &mut names, may_go_on).await;
            alone.extend(names.into_values().map(|(id, _)| id));
        }
        alone.sort_unstable_by(|one, other| other.cmp(one));
        alone
    }

    /// Removes every name whose listed tags are as expected. Requests at most one page per name, because a name can be
    /// checked with one request of its own.
    async fn confirm(
        &self,
        container: &ContainerAddress,
        names: &mut HashMap<BlobName, (RecordingId, TagSet)>,
        may_go_on: MayGoOn<'_>,
    ) {
        let mut marker = None::<String>;
        let mut pages = 0;
        while pages < names.len() {
            let request = ListBlobs::first(container, PAGE).after(marker.as_deref()).with_tags();
            // A fault shows again when the names are checked one by one.
            let Ok(Some(page)) = self.blobs.list(request).await else { return };
            for blob in page.blobs {
                let expected = names.get(&blob.name).map(|(_, tags)| tags);
                if expected.is_some() && blob.tags.as_ref() == expected {
                    names.remove(&blob.name);
                }
            }
            marker = page.next;
            pages += 1;
            if marker.is_none() || !may_go_on() {
                return;
            }
        }
    }
}
