//! Index by key and time.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::estate::BastionName;
use domain::record::session::TimeSpan;
use jiff::Timestamp;

/// Ids of a bastion by key and time.
#[derive(Debug)]
pub(super) struct Timetable<K, I> {
    rows: BTreeMap<(BastionName, K), BTreeMap<Timestamp, BTreeSet<I>>>,
}

impl<K: Ord + Clone, I: Ord + Clone> Timetable<K, I> {
    pub(super) fn add(&mut self, bastion: &BastionName, key: K, at: Timestamp, id: I) {
        self.rows.entry((bastion.clone(), key)).or_default().entry(at).or_default().insert(id);
    }

    pub(super) fn remove(&mut self, bastion: &BastionName, key: K, at: Timestamp, id: &I) {
        if let Some(ids) = self.rows.get_mut(&(bastion.clone(), key)).and_then(|times| times.get_mut(&at)) {
            ids.remove(id);
        }
    }

    /// Ids under any of these keys within this span, both ends included.
    pub(super) fn find(&self, bastion: &BastionName, keys: &[K], within: TimeSpan) -> BTreeSet<I> {
        if within.first > within.last {
            return BTreeSet::new();
        }
        let times = keys.iter().filter_map(|key| self.rows.get(&(bastion.clone(), key.clone())));
        times.flat_map(|times| times.range(within.first..=within.last)).flat_map(|(_, ids)| ids).cloned().collect()
    }
}

impl<K, I> Default for Timetable<K, I> {
    fn default() -> Self {
        Self { rows: BTreeMap::new() }
    }
}
