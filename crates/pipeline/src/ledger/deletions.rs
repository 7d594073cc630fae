//! Collects the recordings whose deletion is in the ledger.

use std::collections::HashSet;

use domain::record::ledger::{LedgerEvent, LedgerLine, LineContent};
use domain::record::recording_id::RecordingId;

use super::walk::{LedgerPlace, SegmentWalk, WalkItem};
use crate::ports::{Fault, Ledger};
use crate::stored::fact::decode;

/// Recordings with a deletion in the part of the ledger read so far. Takes about 20 bytes of memory each.
#[derive(Debug)]
pub(super) struct Deletions {
    deleted: HashSet<RecordingId>,
    read_to: LedgerPlace,
}

impl Default for Deletions {
    fn default() -> Self {
        Self { deleted: HashSet::new(), read_to: LedgerPlace::BEGIN }
    }
}

impl Deletions {
    pub(super) fn add(&mut self, recording: RecordingId) {
        self.deleted.insert(recording);
    }

    /// Sets the end of the part read so far.
    pub(super) fn read_to(&mut self, place: LedgerPlace) {
        self.read_to = place;
    }

    pub(super) fn knows(&self, recording: RecordingId) -> bool {
        self.deleted.contains(&recording)
    }

    /// Reads the lines appended since.
    pub(super) async fn read_on(&mut self, ledger: &dyn Ledger) -> Result<(), Fault> {
        let mut walk = SegmentWalk::from(ledger, self.read_to).await?;
        while let Some(item) = walk.next().await? {
            if let WalkItem::Line(_, bytes) = item
                && let Ok(LedgerLine { body: LineContent::Fact { text, .. }, .. }) = LedgerLine::parse(bytes)
                && let Ok(fact) = decode(text)
                && let LedgerEvent::RecordingDeleted { recording, .. } = fact.what
            {
                self.add(recording);
            }
        }
        self.read_to = walk.place();
        Ok(())
    }
}
