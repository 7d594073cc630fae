//! Scope of a hold.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::address::ContainerAddress;
use crate::record::recording_id::RecordingId;

/// Scope of a hold: recordings meeting every given condition. At least one must be given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoldScope {
    /// One recording.
    pub recording: Option<RecordingId>,
    /// Recording of one session, by tunnel id.
    pub session: Option<String>,
    /// Recordings of a person, by sign-in name or mail address.
    pub person: Option<String>,
    /// Recordings of a machine or a scale set, by name, address, network or resource id.
    pub machine: Option<String>,
    /// Recordings of a bastion.
    pub bastion: Option<String>,
    /// Containers of that bastion, which may have had another name in the configuration before or since. They are no
    /// condition of their own: they follow from the name when the hold is placed, and do not change its id.
    pub containers: BTreeSet<ContainerAddress>,
    /// Only recordings that lasted until this time or later.
    pub from: Option<Timestamp>,
    /// Only recordings that began before this time.
    pub to: Option<Timestamp>,
}

impl HoldScope {
    /// Returns the given conditions by name, trimmed and in lower case; the name of the bastion is unchanged.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_lowercase());
        let parts = [
            ("recording", self.recording.map(|id| id.to_string())),
            ("session", lower(&self.session)),
            ("person", lower(&self.person)),
            ("machine", lower(&self.machine)),
            ("bastion", self.bastion.clone()),
            ("from", self.from.map(|at| at.to_string())),
            ("to", self.to.map(|at| at.to_string())),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Writes the given conditions in one line.
impl fmt::Display for HoldScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named_parts = self.parts().into_iter().map(|(name, value)| format!("{name} {value}"));
        f.write_str(&named_parts.collect::<Vec<_>>().join(", "))
    }
}
