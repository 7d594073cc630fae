//! Why no session of a recording is certain, as everybody outside sees it.

use domain::join::{Points, Weighing, undecided_explained};
use serde::Serialize;

/// Why no session of a recording is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndecidedView {
    /// Why, as one word: `not_ended`, `not_judged`, `no_log`, `not_read`, `not_all_read`, `rival_session`,
    /// `rival_recording`, `odd_times`, `odd_time`, `no_end`, `no_start`, `native_client`, `open_session` or `unlogged`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = domain::join::Reason::ALL.map(domain::join::Reason::name))))]
    pub reason: &'static str,
    /// By how many points the likeliest session leads, at the least. `null` where none is known.
    pub lead: Option<i32>,
    /// The lead that it needs. `null` where none is known, or no lead is enough.
    pub lead_needed: Option<i32>,
    /// The same in words.
    pub explained: String,
}

impl UndecidedView {
    pub(super) fn of(weighing: &Weighing) -> Option<Self> {
        Some(Self {
            reason: weighing.reason?.name(),
            lead: weighing.lead.map(Points::floor),
            lead_needed: weighing.needed.map(Points::floor),
            explained: undecided_explained(weighing)?,
        })
    }
}
