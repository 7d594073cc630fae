//! Public form of a person's confirmation of a recording's session.

use domain::record::catalogue::{Contradiction, MatchState};
use jiff::Timestamp;
use serde::Serialize;

/// Confirmation of the session by a person. `session` shows the confirmed session, or null if it is none of those in
/// the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmedView<'a> {
    /// Person who confirmed it.
    pub by: &'a str,
    /// Time of the confirmation.
    pub at: Timestamp,
    /// Reason given.
    pub reason: &'a str,
    /// Verdict from the log alone: `pending`, `matched`, `ambiguous` or `unmatched`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "matched", "ambiguous", "unmatched"])))]
    pub log_says: &'static str,
    /// Session that the log alone names; null if it names none.
    pub log_names: Option<&'a str>,
    /// Contradictions between the log and the confirmation. The confirmation prevails.
    pub contradicted_by: Vec<String>,
}

impl<'a> ConfirmedView<'a> {
    pub(super) fn from_match_state(match_state: &'a MatchState) -> Option<Self> {
        let confirmed = match_state.confirmed.as_ref()?;
        Some(Self {
            by: &confirmed.by,
            at: confirmed.at,
            reason: &confirmed.reason,
            log_says: confirmed.found.name(),
            log_names: confirmed.found.session().map(|session| session.tunnel_id.as_str()),
            contradicted_by: confirmed.contradictions.iter().map(Contradiction::in_words).collect(),
        })
    }
}
