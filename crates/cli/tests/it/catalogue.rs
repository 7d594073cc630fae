//! A catalogue in memory that can be listed and looked into, and that can fail.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::catalogue::{Entry, Lives};
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, ListRequest, Loaded, Version};

/// Entries by their ids.
#[derive(Default)]
pub struct ListedCatalogue {
    entries: Mutex<BTreeMap<RecordingId, Entry>>,
    out_of_reach: bool,
    /// How many entries were given at most at a time.
    pub most_given: Mutex<usize>,
}

impl ListedCatalogue {
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
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
                && request.state.is_none_or(|state| entry.state == state)
        });
        let given: Vec<Entry> = fitting.take(request.limit).cloned().collect();
        let mut most = self.most_given.lock().unwrap();
        *most = given.len().max(*most);
        Ok(given)
    }

    async fn due(&self, _: Timestamp, _: Option<&Due>, _: usize) -> Result<Vec<Due>, Fault> {
        unreachable!("these commands only read")
    }
}
