//! The catalogue port in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, NameRange, Version};

use super::lock;
use super::timetable::Timetable;

/// Entries in ordered maps, with the same indexes as a database.
#[derive(Debug, Default)]
pub struct MemoryCatalogue {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    names: HashMap<BlobAddress, Name>,
    entries: BTreeMap<RecordingId, Entry>,
    under: BTreeMap<Heading, BTreeSet<RecordingId>>,
    words: BTreeMap<String, BTreeSet<Heading>>,
    by_key: Timetable<JoinKey, RecordingId>,
    due: BTreeSet<Due>,
    disposals: BTreeSet<Due>,
}

#[derive(Debug, Default)]
struct Name {
    saves: u64,
    lives: BTreeSet<RecordingId>,
}

impl MemoryCatalogue {
    /// Calls `look` with all entries, without copying them.
    pub fn look<R>(&self, look: impl FnOnce(&BTreeMap<RecordingId, Entry>) -> R) -> R {
        look(&lock(&self.rows).entries)
    }
}

#[async_trait]
impl Catalogue for MemoryCatalogue {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        Ok(lock(&self.rows).lives(address))
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let rows = lock(&self.rows);
        Ok(rows.entries.get(&id).map(|entry| rows.lives(&entry.address)))
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        Ok(lock(&self.rows).save(&before.lives.address, before.version, changed))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let rows = lock(&self.rows);
        if request.below.zip(request.from).is_some_and(|(below, from)| below < from) {
            return Ok(Vec::new());
        }
        let range = (
            request.from.map_or(Bound::Unbounded, Bound::Included),
            request.below.map_or(Bound::Unbounded, Bound::Excluded),
        );
        Ok(match &request.under {
            None => rows.entries.range(range).rev().take(request.limit).map(|(_, entry)| entry.clone()).collect(),
            Some(heading) => {
                let ids = rows.under.get(heading).into_iter().flat_map(|ids| ids.range(range).rev());
                ids.take(request.limit).filter_map(|id| rows.entries.get(id)).cloned().collect()
            }
        })
    }

    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        let rows = lock(&self.rows);
        let is_within = |entry: &&Entry| {
            let (name, place) = (&entry.address.name, (&entry.address.name, entry.id));
            entry.address.container() == *range.container
                && range.after.is_none_or(|after| place > after)
                && range.until.is_none_or(|until| name <= until)
        };
        let mut found: Vec<&Entry> = rows.entries.values().filter(is_within).collect();
        found.sort_by_key(|entry| (&entry.address.name, entry.id));
        Ok(found.into_iter().take(range.limit).cloned().collect())
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        let rows = lock(&self.rows);
        let mut found = BTreeSet::new();
        let begin = Bound::Included(prefix);
        for (word, headings) in rows.words.range::<str, _>((begin, Bound::Unbounded)) {
            if !word.starts_with(prefix) {
                break;
            }
            found.extend(headings.iter().cloned());
        }
        Ok(found.into_iter().take(limit).collect())
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let rows = lock(&self.rows);
        let ids = rows.by_key.find(bastion, keys, created);
        Ok(ids.iter().take(limit).filter_map(|id| rows.entries.get(id)).cloned().collect())
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        Ok(page(&lock(&self.rows).due, until, after, limit))
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        Ok(page(&lock(&self.rows).disposals, until, after, limit))
    }
}

fn page(dues: &BTreeSet<Due>, until: Timestamp, after: Option<&Due>, limit: usize) -> Vec<Due> {
    let behind = after.map_or(Bound::Unbounded, |after| Bound::Excluded(*after));
    let due = dues.range((behind, Bound::Unbounded));
    due.take_while(|due| due.at <= until).take(limit).copied().collect()
}

impl Rows {
    fn lives(&self, address: &BlobAddress) -> Loaded {
        let Some(name) = self.names.get(address) else {
            return Loaded::nothing(address.clone());
        };
        let entries = name.lives.iter().filter_map(|id| self.entries.get(id)).cloned().collect();
        Loaded { lives: Lives { address: address.clone(), entries }, version: Version(name.saves) }
    }

    fn save(&mut self, address: &BlobAddress, expected: Version, changed: &[Entry]) -> Option<Version> {
        if self.names.get(address).map_or(0, |name| name.saves) != expected.0 {
            return None;
        }
        let name = self.names.entry(address.clone()).or_default();
        name.saves += 1;
        name.lives.extend(changed.iter().map(|entry| entry.id));
        let saves = name.saves;
        for entry in changed {
            self.put(entry);
        }
        Some(Version(saves))
    }

    fn put(&mut self, entry: &Entry) {
        let id = entry.id;
        if let Some(was) = self.entries.insert(id, entry.clone()) {
            for heading in Heading::for_entry(&was) {
                self.under.entry(heading).or_default().remove(&id);
            }
            for (key, at) in keys(&was) {
                self.by_key.remove(&was.bastion, key, at, &id);
            }
            was.due_at().map(|at| self.due.remove(&Due { at, id }));
            was.disposal_at().map(|at| self.disposals.remove(&Due { at, id }));
        }
        for heading in Heading::for_entry(entry) {
            for word in heading.words() {
                self.words.entry(word).or_default().insert(heading.clone());
            }
            self.under.entry(heading).or_default().insert(id);
        }
        for (key, at) in keys(entry) {
            self.by_key.add(&entry.bastion, key, at, id);
        }
        self.due.extend(entry.due_at().map(|at| Due { at, id }));
        self.disposals.extend(entry.disposal_at().map(|at| Due { at, id }));
    }
}

/// Keys of an entry in the index, each with its creation time. Empty while the creation time is unknown.
fn keys(entry: &Entry) -> Vec<(JoinKey, Timestamp)> {
    let keyed = |at| entry.keys.iter().map(move |key| (key.clone(), at)).collect();
    entry.created_at().map(keyed).unwrap_or_default()
}
