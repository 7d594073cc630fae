//! Holds as readers see them: from the moment they are placed to the moment they are released.

use std::collections::BTreeSet;

use domain::catalogue::Entry;
use domain::hold::{Hold, HoldId};

use super::kept;
use crate::ports::{CheckpointKind, Checkpoints, Fault};

/// The holds that count now, and those that were released.
pub struct ShownHolds {
    counting: Vec<Hold>,
    released: BTreeSet<HoldId>,
}

impl ShownHolds {
    /// Reads them. Costs two reads, and one more for every hundred of each kind.
    pub async fn read(checkpoints: &dyn Checkpoints) -> Result<Self, Fault> {
        let counting = counting_holds(checkpoints).await?;
        let released = kept(checkpoints, CheckpointKind::ReleasedHold).await?.into_iter();
        Ok(Self { counting, released: released.map(|(hold, ..)| hold.id).collect() })
    }

    /// Returns an entry with the holds that cover it now, whether it carries them yet or not, and without those that were
    /// released. A hold that it carries and of which nothing else is known stays. A recording that is not final is covered
    /// if that is certain: its session is still open.
    pub fn on(&self, mut entry: Entry) -> Entry {
        if entry.state.is_there() {
            let mut held = Hold::carried_by(&entry, &self.counting, |hold| hold.placed_at);
            held.retain(|held| held.is_certain || entry.final_at.is_some());
            let is_known = |id: &HoldId| self.released.contains(id) || self.counting.iter().any(|hold| hold.id == *id);
            held.extend(entry.custody.holds.iter().filter(|held| !is_known(&held.hold)).cloned());
            entry.custody.holds = held;
        }
        entry
    }
}

/// Reads the holds that count now. Costs one read for every hundred.
pub async fn counting_holds(checkpoints: &dyn Checkpoints) -> Result<Vec<Hold>, Fault> {
    Ok(kept(checkpoints, CheckpointKind::Hold).await?.into_iter().map(|(hold, ..)| hold).collect())
}
