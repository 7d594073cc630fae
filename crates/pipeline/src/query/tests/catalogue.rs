//! Catalogue test double that lists and finds by id, and records the size of each list.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::blob::{BlobEvent, Happening};
use domain::record::catalogue::{BlobEvents, Entry, Life, Lives, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::sequencer::Sequencer;
use domain::record::session::TimeSpan;
use jiff::Timestamp;

use crate::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, NameRange, Version};

#[derive(Default)]
pub(super) struct ListedCatalogue {
    entries: Mutex<BTreeMap<RecordingId, Entry>>,
    reads: Mutex<Vec<(usize, usize)>>,
}

impl ListedCatalogue {
    pub(super) fn from_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let catalogue = Self::default();
        entries.into_iter().for_each(|entry| catalogue.add(entry));
        catalogue
    }

    pub(super) fn add(&self, entry: Entry) {
        self.entries.lock().unwrap().insert(entry.id, entry);
    }

    pub(super) fn ids(&self) -> BTreeSet<RecordingId> {
        self.entries.lock().unwrap().keys().copied().collect()
    }

    /// Returns the limits of the reads.
    pub(super) fn asked(&self) -> Vec<usize> {
        self.reads.lock().unwrap().iter().map(|(asked, _)| *asked).collect()
    }

    /// Returns the number of entries returned by all reads.
    pub(super) fn given(&self) -> usize {
        self.reads.lock().unwrap().iter().map(|(_, given)| given).sum()
    }
}

#[async_trait]
impl Catalogue for ListedCatalogue {
    async fn lives(&self, _: &BlobAddress) -> Result<Loaded, Fault> {
        unreachable!("a query only lists")
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let found = self.entries.lock().unwrap().get(&id).cloned();
        let loaded = |entry: Entry| Loaded {
            lives: Lives { address: entry.address.clone(), entries: vec![entry] },
            version: Version(1),
        };
        Ok(found.map(loaded))
    }

    async fn save(&self, _: &Loaded, _: &[Entry]) -> Result<Option<Version>, Fault> {
        unreachable!("a query only lists")
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let entries = self.entries.lock().unwrap();
        let newest_first = entries.values().rev();
        let fitting = newest_first.filter(|entry| {
            request.below.is_none_or(|below| entry.id < below)
                && request.from.is_none_or(|from| entry.id >= from)
                && request.under.as_ref().is_none_or(|under| Heading::for_entry(entry).contains(under))
        });
        let given: Vec<Entry> = fitting.take(request.limit).cloned().collect();
        self.reads.lock().unwrap().push((request.limit, given.len()));
        Ok(given)
    }

    async fn by_name(&self, _: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        unreachable!("a query only lists")
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        let entries = self.entries.lock().unwrap();
        let headings: BTreeSet<Heading> = entries.values().flat_map(Heading::for_entry).collect();
        let begins = |heading: &Heading| heading.words().iter().any(|word| word.starts_with(prefix));
        Ok(headings.into_iter().filter(begins).take(limit).collect())
    }

    async fn near(&self, _: &BastionName, _: &[JoinKey], _: TimeSpan, _: usize) -> Result<Vec<Entry>, Fault> {
        unreachable!("a query only lists")
    }

    async fn due(&self, _: Timestamp, _: Option<&Due>, _: usize) -> Result<Vec<Due>, Fault> {
        unreachable!("a query only lists")
    }

    async fn disposals(&self, _: Timestamp, _: Option<&Due>, _: usize) -> Result<Vec<Due>, Fault> {
        unreachable!("a query only lists")
    }
}

/// Returns the output of a future that never waits.
pub(super) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("a catalogue in memory does not wait"),
    }
}

/// Returns an active recording of `bas-1`, written once, `second` seconds after 1970.
pub(super) fn entry(name: &str, second: i64) -> Entry {
    heard(name, second, Happening::Written { etag: None, size: 1 }, RecordingState::Active)
}

/// Returns a recording with a delete as its only event.
pub(super) fn only_deleted(name: &str, second: i64) -> Entry {
    heard(name, second, Happening::deleted(), RecordingState::Deleted)
}

fn heard(name: &str, second: i64, what: Happening, state: RecordingState) -> Entry {
    let address = BlobAddress::parse("stbastionrec01", "recordings", name).unwrap();
    let at = Timestamp::from_second(second).unwrap();
    let event = BlobEvent { sequencer: Sequencer::parse("1").unwrap(), at, what };
    let entry = Entry::new(RecordingId::derive(&address, at, b"1"), address, BastionName::new("bas-1"));
    Entry {
        life: Life { blob_events: BlobEvents::new(vec![event], None), observation: None },
        state,
        revision: 1,
        ..entry
    }
}
