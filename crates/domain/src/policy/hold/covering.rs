//! Decides which holds cover a recording.

use jiff::Timestamp;

use crate::policy::matcher::ConditionResult;
use crate::record::catalogue::Entry;
use crate::record::hold::{CarriedHold, Hold};

impl Hold {
    /// Checks if the hold covers a recording. If unknown, the recording must be treated as covered.
    pub fn covers(&self, entry: &Entry) -> ConditionResult {
        self.scope.covers(entry)
    }

    /// Returns the holds on a recording, each with true if it certainly covers it, false if it may.
    pub fn covering<'h>(holds: &'h [Self], entry: &Entry) -> impl Iterator<Item = (&'h Self, bool)> {
        holds.iter().filter_map(|hold| match hold.covers(entry) {
            ConditionResult::False => None,
            covers => Some((hold, covers == ConditionResult::True)),
        })
    }

    /// Returns the holds carried by an entry if exactly `holds` exist, ordered by id. A hold already carried keeps its
    /// time; for others `since` returns it.
    pub fn carried_by(entry: &Entry, holds: &[Self], since: impl Fn(&Self) -> Timestamp) -> Vec<CarriedHold> {
        let mut held: Vec<CarriedHold> = Self::covering(holds, entry)
            .map(|(hold, is_certain)| {
                let known = entry.custody.holds.iter().find(|known| known.hold == hold.id);
                let since = known.map_or_else(|| since(hold), |known| known.since);
                CarriedHold { hold: hold.id.clone(), case: hold.case.clone(), since, is_certain }
            })
            .collect();
        held.sort_by(|one, other| one.hold.cmp(&other.hold));
        held
    }
}
