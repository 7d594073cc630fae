//! Keeps the events of one life.

use jiff::Timestamp;

use crate::record::blob::{BlobEvent, Happening};
use crate::record::sequencer::Sequencer;

/// Number of writes kept individually per life; beyond it, those in the middle are folded.
pub const WRITES_KEPT: usize = 32;

/// Number of latest tier changes kept per life: a late delete may assign them to another life.
const TIER_CHANGES_KEPT: usize = 8;

/// Events of one life, sorted by sequencer, each event once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlobEvents {
    events: Vec<BlobEvent>,
    folded: Option<Folded>,
}

/// Range of folded writes from the middle of a life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Sequencer of the first folded write.
    pub from: Sequencer,
    /// Sequencer of the last folded write.
    pub through: Sequencer,
    /// Number of folded writes.
    pub count: u64,
}

impl BlobEvents {
    /// Restores stored events; sorts them and drops duplicates.
    pub fn new(mut events: Vec<BlobEvent>, folded: Option<Folded>) -> Self {
        events.sort_by(order);
        events.dedup_by(|b, a| order(a, b).is_eq());
        Self { events, folded }
    }

    /// Events, oldest first.
    pub fn events(&self) -> &[BlobEvent] {
        &self.events
    }

    /// Folded writes from the middle.
    pub fn folded(&self) -> Option<&Folded> {
        self.folded.as_ref()
    }

    /// Returns true if the event is already contained, individually or folded.
    pub fn contains(&self, event: &BlobEvent) -> bool {
        let folded = self.folded.as_ref().is_some_and(|folded| {
            !event.what.is_delete() && (&folded.from..=&folded.through).contains(&&event.sequencer)
        });
        folded || self.events.binary_search_by(|known| order(known, event)).is_ok()
    }

    /// Returns the closing delete event.
    pub fn deletion(&self) -> Option<&BlobEvent> {
        self.events.iter().rev().find(|event| event.what.is_delete())
    }

    /// Individually kept write events, oldest first.
    pub fn writes(&self) -> impl DoubleEndedIterator<Item = &BlobEvent> {
        self.events.iter().filter(|event| matches!(event.what, Happening::Written { .. }))
    }

    /// Time of the first known write event.
    pub fn first_write_at(&self) -> Option<Timestamp> {
        self.writes().next().map(|event| event.at)
    }

    /// Folds the middle: at most `keep` (2 or more) writes and the latest tier changes stay individually.
    pub fn fold(&mut self, keep: usize) {
        let tiers = self.events.iter().filter(|event| event.what == Happening::TierChanged).count();
        self.drop_first(tiers.saturating_sub(TIER_CHANGES_KEPT), |event| event.what == Happening::TierChanged, 0);
        let surplus = self.writes().count().saturating_sub(keep);
        let middle: Vec<Sequencer> = self.writes().skip(1).take(surplus).map(|event| event.sequencer.clone()).collect();
        if let (Some(from), Some(through)) = (middle.first(), middle.last()) {
            self.folded = Some(match self.folded.take() {
                None => Folded { from: from.clone(), through: through.clone(), count: surplus as u64 },
                Some(known) => Folded {
                    from: known.from.min(from.clone()),
                    through: known.through.max(through.clone()),
                    count: known.count + surplus as u64,
                },
            });
            self.drop_first(surplus, |event| matches!(event.what, Happening::Written { .. }), 1);
        }
    }

    fn drop_first(&mut self, count: usize, which: impl Fn(&BlobEvent) -> bool, skip: usize) {
        let mut met = 0;
        self.events.retain(|event| {
            met += usize::from(which(event));
            !which(event) || met <= skip || met > skip + count
        });
    }
}

/// Compares events of one blob name by sequencer, then kind; together they identify an event.
pub(crate) fn order(a: &BlobEvent, b: &BlobEvent) -> std::cmp::Ordering {
    let kind = |event: &BlobEvent| match event.what {
        Happening::Written { .. } => 0,
        Happening::TierChanged => 1,
        Happening::Deleted(_) => 2,
    };
    a.sequencer.cmp(&b.sequencer).then(kind(a).cmp(&kind(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::blob::ETag;

    fn write(n: u32) -> BlobEvent {
        BlobEvent {
            sequencer: Sequencer::parse(&format!("{n:04}")).unwrap(),
            at: Timestamp::from_second(i64::from(n)).unwrap(),
            what: Happening::Written { etag: Some(ETag::new(&n.to_string())), size: u64::from(n) },
        }
    }

    #[test]
    fn events_are_sorted_and_stored_once() {
        let blob_events = BlobEvents::new(vec![write(2), write(1), write(2)], None);
        assert_eq!(blob_events.events(), [write(1), write(2)]);
    }

    #[test]
    fn beyond_the_limit_the_middle_is_folded_and_still_recognised() {
        let mut blob_events = BlobEvents::new((1..=40).map(write).collect(), None);
        blob_events.fold(WRITES_KEPT);
        assert_eq!(blob_events.writes().count(), WRITES_KEPT);
        assert_eq!(blob_events.events()[0], write(1));
        assert_eq!(blob_events.events().last(), Some(&write(40)));
        assert_eq!(blob_events.folded().map(|folded| folded.count), Some(8));
        assert!((1..=40).all(|n| blob_events.contains(&write(n))));
        assert!(!blob_events.contains(&write(41)));
    }

    #[test]
    fn folding_again_extends_the_range() {
        let mut blob_events = BlobEvents::new((1..=40).map(write).collect(), None);
        blob_events.fold(WRITES_KEPT);
        blob_events.fold(2);
        assert_eq!(blob_events.events(), [write(1), write(40)]);
        let folded = blob_events.folded().unwrap();
        assert_eq!((folded.from.as_str(), folded.through.as_str(), folded.count), ("0002", "0039", 38));
    }
}
