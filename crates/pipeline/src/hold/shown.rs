//! Shows holds to readers, from placement to release.

use std::collections::BTreeSet;

use domain::record::catalogue::Entry;
use domain::record::hold::{Hold, HoldId};

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
    /// because its session is still open. One that is not stored gets no hold and loses released ones.
    pub fn on(&self, mut entry: Entry) -> Entry {
        if entry.state.is_there() {
            let mut held = Hold::carried_by(&entry, &self.counting, |hold| hold.placed_at);
            held.retain(|held| held.is_certain || entry.final_at.is_some());
            let is_known = |id: &HoldId| self.released.contains(id) || self.is_counting(id);
            held.extend(entry.custody.holds.iter().filter(|held| !is_known(&held.hold)).cloned());
            entry.custody.holds = held;
        } else {
            entry.custody.holds.retain(|held| self.is_counting(&held.hold) || !self.released.contains(&held.hold));
        }
        entry
    }

    fn is_counting(&self, id: &HoldId) -> bool {
        self.counting.iter().any(|hold| hold.id == *id)
    }
}

/// Returns the active holds. Costs one read per 500 holds.
pub async fn counting_holds(checkpoints: &dyn Checkpoints) -> Result<Vec<Hold>, Fault> {
    Ok(kept(checkpoints, CheckpointKind::Hold).await?.into_iter().map(|(hold, ..)| hold).collect())
}

#[cfg(test)]
mod tests {
    use domain::record::catalogue::RecordingState;
    use domain::record::hold::{Actor, CarriedHold, HoldScope};
    use jiff::Timestamp;

    use super::*;
    use crate::testing::sample;

    #[test]
    fn a_released_hold_is_shown_in_no_state() {
        let counsel = || Actor { name: "counsel".to_owned(), is_verified: true };
        let scope = || HoldScope { bastion: Some("bas-hub-01".to_owned()), ..HoldScope::default() };
        let [active, released] =
            ["active", "released"].map(|case| Hold::new(case, "letter", scope(), counsel(), Timestamp::UNIX_EPOCH));
        let carried = |hold: &Hold| CarriedHold {
            hold: hold.id.clone(),
            case: hold.case.clone(),
            since: Timestamp::UNIX_EPOCH,
            is_certain: true,
        };
        let holds = ShownHolds { counting: vec![active.clone()], released: [released.id.clone()].into() };
        for state in RecordingState::ALL {
            let mut entry = sample::entry(&sample::address("vm-user.1"), sample::second(0));
            (entry.state, entry.final_at) = (state, Some(sample::second(0)));
            entry.custody.holds = vec![carried(&active), carried(&released)];
            let cases: Vec<String> = holds.on(entry).custody.holds.into_iter().map(|held| held.case).collect();
            assert_eq!(cases, ["active"], "{}", state.name());
        }
    }
}
