//! Recordings whose deletion stands in the ledger.

use std::collections::HashSet;

use domain::ledger::{Body, Line, What};
use domain::recording_id::RecordingId;

use super::walk::{Item, Place, Walk};
use crate::ports::{Fault, Ledger};
use crate::stored::fact::decode;

/// Recordings whose deletion stands in the ledger as far as it was read. Takes some 20 bytes of memory for each.
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
    /// The deletion of this recording stands there.
    pub(super) fn add(&mut self, recording: RecordingId) {
        self.deleted.insert(recording);
    }

    /// The ledger was read to this place.
    pub(super) fn read_to(&mut self, place: Place) {
        self.read_to = place;
    }

    /// Whether the deletion of this recording was read.
    pub(super) fn knows(&self, recording: RecordingId) -> bool {
        self.deleted.contains(&recording)
    }

    /// Reads what was appended meanwhile.
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
