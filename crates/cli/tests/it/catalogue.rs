//! In-memory catalogue with sessions and watermarks, which can simulate failures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use adapters_local::memory::{MemoryCheckpoints, MemorySessions};
use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionEntry, TimeSpan};
use jiff::Timestamp;
use pipeline::ports::{
    Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Due, Fault, Heading, ListRequest, Loaded, NameRange,
    SessionChange, Sessions, Version,
};

#[derive(Default)]
pub struct ListedCatalogue {
    entries: Mutex<BTreeMap<RecordingId, Entry>>,
    out_of_reach: bool,
    pub sessions: MemorySessions,
    pub checkpoints: MemoryCheckpoints,
    /// Size of the largest page returned.
    pub most_given: Mutex<usize>,
}

impl ListedCatalogue {
    pub fn from_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let catalogue = Self::default();
        entries.into_iter().for_each(|entry| catalogue.add(entry));
        catalogue
    }

    pub fn out_of_reach() -> Self {
        Self { out_of_reach: true, ..Self::default() }
    }

    pub fn add(&self, entry: Entry) {
        self.entries.lock().unwrap().insert(entry.id, entry);
    }

    /// Adds new sessions.
    pub fn with_sessions(self, sessions: impl IntoIterator<Item = SessionEntry>) -> Self {
        let new = sessions.into_iter();
        let changes: Vec<SessionChange> =
            new.map(|after| SessionChange { before: SessionEntry::new(after.id.clone()), after }).collect();
        let saved = at_once(self.sessions.save(&changes)).unwrap();
        assert!(saved.iter().all(|saved| *saved));
        self
    }

    /// Stores the watermark of a bastion's audit log.
    pub fn with_watermark(self, bastion: &str, doc: &str) -> Self {
        let key = CheckpointKey { kind: CheckpointKind::Bastion, name: bastion.to_owned() };
        at_once(self.checkpoints.save(&key, None, doc)).unwrap().unwrap();
        self
    }

    fn reach(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<RecordingId, Entry>>, Fault> {
        match self.out_of_reach {
            true => Err(Fault::transient("read the catalogue \"archivist.sqlite\"", "disk I/O error")),
            false => Ok(self.entries.lock().unwrap()),
        }
    }
}

#[async_trait]
impl Catalogue for ListedCatalogue {
    async fn lives(&self, _: &BlobAddress) -> Result<Loaded, Fault> {
        unreachable!("no command reads by name")
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let entry = self.reach()?.get(&id).cloned();
        Ok(entry.map(|entry| {
            let lives = Lives { address: entry.address.clone(), entries: vec![entry] };
            Loaded { lives, version: Version(1) }
        }))
    }

    async fn save(&self, _: &Loaded, _: &[Entry]) -> Result<Option<Version>, Fault> {
        unreachable!("these commands only read")
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let entries = self.reach()?;
        let fitting = entries.values().rev().filter(|entry| {
            request.below.is_none_or(|below| entry.id < below)
                && request.from.is_none_or(|from| entry.id >= from)
                && request.under.as_ref().is_none_or(|under| Heading::for_entry(entry).contains(under))
        });
        let given: Vec<Entry> = fitting.take(request.limit).cloned().collect();
        let mut most = self.most_given.lock().unwrap();
        *most = given.len().max(*most);
        Ok(given)
    }

    async fn by_name(&self, _: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        unreachable!("no command reads by name")
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        let entries = self.reach()?;
        let headings: BTreeSet<Heading> = entries.values().flat_map(Heading::for_entry).collect();
        let begins = |heading: &Heading| heading.words().iter().any(|word| word.starts_with(prefix));
        Ok(headings.into_iter().filter(begins).take(limit).collect())
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let entries = self.reach()?;
        let is_near = |entry: &&Entry| {
            entry.bastion == *bastion
                && entry.keys.iter().any(|key| keys.contains(key))
                && entry.created_at().is_some_and(|at| created.first <= at && at <= created.last)
        };
        Ok(entries.values().filter(is_near).take(limit).cloned().collect())
    }

    async fn due(&self, _: Timestamp, _: Option<&Due>, _: usize) -> Result<Vec<Due>, Fault> {
        unreachable!("these commands only read")
    }

    async fn disposals(&self, _: Timestamp, _: Option<&Due>, _: usize) -> Result<Vec<Due>, Fault> {
        unreachable!("these commands only read")
    }
}

/// Runs a future that never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
