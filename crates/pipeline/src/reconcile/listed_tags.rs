//! Compares the tags of many recordings with listings of their containers, instead of one request per recording.

use std::collections::{BTreeMap, HashMap};

use domain::address::ContainerAddress;
use domain::digest;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use domain::record::tags::TagSet;

use super::Reconcile;
use crate::deadline::MayGoOn;
use crate::ports::ListBlobs;

/// Blobs per page: the most that storage returns.
const PAGE: usize = 5_000;

/// Recordings with the digest of their tags, by the digest of their name. Digests keep many recordings in little memory.
type ByName = HashMap<[u8; 32], (RecordingId, [u8; 32])>;

/// Tags that the listings must show.
#[derive(Default)]
pub(super) struct ExpectedTags {
    by_container: BTreeMap<ContainerAddress, ByName>,
    /// Recordings that no listing can confirm.
    alone: Vec<RecordingId>,
    len: usize,
}

impl ExpectedTags {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry. `is_confirmable` is false if it must be checked even if its blob has the catalogued tags.
    pub(super) fn add(&mut self, entry: &Entry, is_confirmable: bool) {
        self.len += 1;
        let names = self.by_container.entry(entry.address.container()).or_default();
        let name = of_name(entry.address.name.as_str());
        if !is_confirmable || names.contains_key(&name) {
            self.alone.push(entry.id);
        } else {
            names.insert(name, (entry.id, of_tags(&entry.tags)));
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
    async fn confirm(&self, container: &ContainerAddress, names: &mut ByName, may_go_on: MayGoOn<'_>) {
        let mut marker = None::<String>;
        let mut pages = 0;
        while pages < names.len() {
            let request = ListBlobs::first(container, PAGE).after(marker.as_deref()).with_tags();
            // A fault shows again when the names are checked one by one.
            let Ok(Some(page)) = self.blobs.list(request).await else { return };
            for blob in page.blobs {
                let name = of_name(blob.name.as_str());
                let expected = names.get(&name).map(|(_, tags)| *tags);
                if expected.is_some() && blob.tags.as_ref().map(of_tags) == expected {
                    names.remove(&name);
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

fn of_name(name: &str) -> [u8; 32] {
    digest::of(&[name.as_bytes()])
}

fn of_tags(tags: &TagSet) -> [u8; 32] {
    let parts: Vec<&[u8]> = tags.0.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]).collect();
    digest::of(&parts)
}
