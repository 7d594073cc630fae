//! Shows holds to readers, from placement to release.

use std::collections::BTreeSet;

use domain::catalogue::Entry;
use domain::hold::{Hold, HoldId};

use super::kept;
use crate::ports::{CheckpointKind, Checkpoints, Fault};

/// Ids of active and released holds, loaded once for many entries.
pub struct ShownHolds {
    counting: Vec<Hold>,
    released: BTreeSet<HoldId>,
}

impl ShownHolds {
    /// Reads all holds. Costs two reads, plus one per hundred holds of each kind.
    pub async fn read(checkpoints: &dyn Checkpoints) -> Result<Self, Fault> {
        let counting = counting_holds(checkpoints).await?;
        let released = kept(checkpoints, CheckpointKind::ReleasedHold).await?.into_iter();
        Ok(Self { counting, released: released.map(|(hold, ..)| hold.id).collect() })
    }

    /// Returns an entry with all holds that cover it now, even if not applied yet, and without released ones. An
    /// applied but otherwise unknown hold stays. A recording that is not final is covered only if this is certain,
    /// because its session is still open.
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

/// Returns the active holds. Costs one read per hundred holds.
pub async fn counting_holds(checkpoints: &dyn Checkpoints) -> Result<Vec<Hold>, Fault> {
    Ok(kept(checkpoints, CheckpointKind::Hold).await?.into_iter().map(|(hold, ..)| hold).collect())
}
