//! Public form of the reason why a recording's session is undecided.

use domain::decide::join::undecided_explained;
use domain::record::join::{MatchReasoning, Points};
use serde::Serialize;

/// Reason why no session of a recording is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndecidedView {
    /// Reason as one word: `not_ended`, `not_judged`, `no_log`, `not_read`, `not_all_read`, `rival_session`,
    /// `rival_recording`, `odd_times`, `odd_time`, `no_end`, `no_start`, `native_client`, `open_session`, `clock_off` or
    /// `unlogged`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = domain::record::join::UndecidedReason::ALL.map(domain::record::join::UndecidedReason::name))))]
    pub reason: &'static str,
    /// Minimum lead of the likeliest session, in points. `null` if there is no candidate.
    pub lead: Option<i32>,
    /// Lead required for a name. `null` if there is no candidate, or no lead is enough.
    pub lead_needed: Option<i32>,
    /// The same in words.
    pub explained: String,
}

impl UndecidedView {
    pub(super) fn from_reasoning(reasoning: &MatchReasoning) -> Option<Self> {
        Some(Self {
            reason: reasoning.reason?.name(),
            lead: reasoning.lead.map(Points::floor),
            lead_needed: reasoning.needed.map(Points::floor),
            explained: undecided_explained(reasoning)?,
        })
    }
}
