//! Collects the recordings whose deletion is in the ledger.

use std::collections::HashSet;

use domain::ledger::{Body, Line, What};
use domain::recording_id::RecordingId;

use super::walk::{Item, Place, Walk};
use crate::ports::{Fault, Ledger};
use crate::stored::fact::decode;

/// Recordings with a deletion in the part of the ledger read so far. Takes about 20 bytes of memory each.
#[derive(Debug)]
pub(super) struct Deletions {
    deleted: HashSet<RecordingId>,
    read_to: Place,
}

impl Default for Deletions {
    fn default() -> Self {
        Self { deleted: HashSet::new(), read_to: Place::BEGIN }
    }
}

impl Deletions {
    pub(super) fn add(&mut self, recording: RecordingId) {
        self.deleted.insert(recording);
    }

    /// Sets the end of the part read so far.
    pub(super) fn read_to(&mut self, place: Place) {
        self.read_to = place;
    }

    pub(super) fn knows(&self, recording: RecordingId) -> bool {
        self.deleted.contains(&recording)
    }

    /// Reads the lines appended since.
    pub(super) async fn read_on(&mut self, ledger: &dyn Ledger) -> Result<(), Fault> {
        let mut walk = Walk::from(ledger, self.read_to).await?;
        while let Some(item) = walk.next().await? {
            if let Item::Line(_, bytes) = item
                && let Ok(Line { body: Body::Fact { text, .. }, .. }) = Line::parse(bytes)
                && let Ok(fact) = decode(text)
                && let What::RecordingDeleted { recording, .. } = fact.what
            {
                self.add(recording);
            }
        }
        self.read_to = walk.place();
        Ok(())
    }
}
