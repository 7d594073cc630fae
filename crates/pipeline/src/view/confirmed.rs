//! A person's word for the session of a recording, as everybody outside sees it.

use domain::catalogue::{Contradiction, Joined};
use jiff::Timestamp;
use serde::Serialize;

/// A person said which session it is of. The session stands in `session`, which is null if it is none of those in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmedView<'a> {
    /// Who said it.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: &'a str,
    /// What the log alone says: `pending`, `matched`, `ambiguous` or `unmatched`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "matched", "ambiguous", "unmatched"])))]
    pub log_says: &'static str,
    /// The session that the log alone names; null if it names none.
    pub log_names: Option<&'a str>,
    /// What the log says against the word, which stands.
    pub contradicted_by: Vec<String>,
}

impl<'a> ConfirmedView<'a> {
    pub(super) fn of(joined: &'a Joined) -> Option<Self> {
        let confirmed = joined.confirmed.as_ref()?;
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
