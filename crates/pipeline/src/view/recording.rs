//! Public form of a recording.

use std::collections::BTreeMap;

use domain::decide::join::{candidate_explained, match_explained};
use domain::record::blob::{ETag, whole_second};
use domain::record::catalogue::{Confirmed, Entry, MatchState};
use domain::record::estate::Estate;
use domain::record::join::{Candidate, Match, MatchReasoning};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::confirmed::ConfirmedView;
use super::custody::{DeletionView, HeldView, RetentionView};
use super::session::{FactsView, JoinedView};
use super::undecided::UndecidedView;
use crate::stored::checkpoint::is_zero;

/// Version of this form.
const SCHEMA: u32 = 1;

/// Catalogue entry. The order of the fields is the order of the output.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordingView<'a> {
    /// Version of this form.
    pub schema: u32,
    /// Entry id; never changes.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub id: RecordingId,
    /// State of the recording: `active`, `settled`, `expiring`, `missing` or `deleted`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["active", "settled", "expiring", "missing", "deleted"])))]
    pub state: &'static str,
    /// Verdict on its session: `pending`, `matched`, `ambiguous` or `unmatched`.
    #[serde(rename = "match")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "matched", "ambiguous", "unmatched"])))]
    pub matching: &'static str,
    /// Person of the session, if certain.
    pub person: Option<&'a str>,
    /// Bastion that made the recording, as configured.
    pub bastion: &'a str,
    /// Storage account.
    pub account: &'a str,
    /// Container.
    pub container: &'a str,
    /// Blob name, unchanged; any text.
    pub name: &'a str,
    /// Creation of the blob; null if only its end is known.
    pub created_at: Option<Timestamp>,
    /// Last write of the content, if known.
    pub last_modified: Option<Timestamp>,
    /// Length in milliseconds, once settled. Null if the recording was written at once, and so may have been uploaded
    /// after an unknown session.
    pub duration_ms: Option<u64>,
    /// Source of `duration_ms`: `recording` (creation and last write) or, if it was uploaded, `session` (start and end
    /// in the audit log).
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["recording", "session", null])))]
    pub duration_from: Option<&'static str>,
    /// Time at which it settled; null while active.
    pub settled_at: Option<Timestamp>,
    /// Size of the content in bytes.
    pub size_bytes: Option<u64>,
    /// ETag of the content, without quotes.
    pub etag: Option<String>,
    /// Access tier, as named by storage.
    pub tier: Option<&'a str>,
    /// SHA-256 of the content as recorded in the ledger; null until hashed.
    pub content_sha256: Option<String>,
    /// Session, if certain.
    pub session: Option<JoinedView>,
    /// Confirmation of the session by a person; null if the verdict is from the log.
    pub confirmed: Option<ConfirmedView<'a>>,
    /// Candidate sessions if none is certain, likeliest first.
    pub candidates: Vec<JoinedView>,
    /// Number of further candidates, which are not stored; left out if 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_candidates: u64,
    /// Failed login that caused the recording.
    pub attempt: Option<FactsView>,
    /// Reason why no session is certain. `null` if one is, and if none fits.
    pub undecided: Option<UndecidedView>,
    /// Session times contradicted by storage, which are ignored: `start_contradicts_storage`,
    /// `end_contradicts_storage`. Left out if empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<&'static str>,
    /// Retention; null until final, and if there is no policy.
    pub retention: Option<RetentionView<'a>>,
    /// Legal holds that cover it, and a foreign hold in its tags.
    pub holds: Vec<HeldView<'a>>,
    /// All blob index tags, the archivist's and others', as last known.
    pub tags: &'a BTreeMap<String, String>,
    /// Deletion; null unless deleted.
    pub deletion: Option<DeletionView<'a>>,
    /// Bastion's page in the Azure portal; null if its resource id is not configured.
    pub portal_url: Option<String>,
    /// Number of saves of the entry.
    pub revision: u64,
}

impl<'a> RecordingView<'a> {
    /// Returns the public form of an entry as of `now`.
    pub fn from_entry(entry: &'a Entry, estate: &Estate, now: Timestamp) -> Self {
        let (life, verdict) = (&entry.life, &entry.match_state.verdict);
        let length = entry.length();
        let reasoning = entry.match_state.reasoning(entry.state);
        Self {
            schema: SCHEMA,
            id: entry.id,
            state: entry.state.name(),
            matching: verdict.name(),
            person: verdict.person(),
            bastion: entry.bastion.as_str(),
            account: entry.address.account.as_str(),
            container: entry.address.container.as_str(),
            name: entry.address.name.as_str(),
            created_at: life.created_at(),
            last_modified: life.last_modified().map(whole_second),
            duration_ms: length.and_then(|(length, _)| u64::try_from(length.as_millis()).ok()),
            duration_from: length.map(|(_, from)| from.name()),
            settled_at: entry.settled_at.map(whole_second),
            size_bytes: life.size(),
            etag: life.etag().as_ref().map(ETag::as_str).map(str::to_owned),
            tier: life.tier(),
            content_sha256: entry.custody.fingerprint.as_ref().map(|print| print.sha256.to_string()),
            session: session(&entry.match_state, &reasoning),
            confirmed: ConfirmedView::from_match_state(&entry.match_state),
            candidates: candidates(verdict),
            more_candidates: more_candidates(verdict),
            attempt: attempt(verdict),
            undecided: UndecidedView::from_reasoning(&reasoning).filter(|_| entry.match_state.confirmed.is_none()),
            warnings: entry.match_state.contradicted.names(),
            retention: RetentionView::from_entry(entry, now),
            holds: HeldView::all_of(entry),
            tags: &entry.tags.0,
            deletion: DeletionView::from_entry(entry),
            portal_url: estate.portal_url(&entry.bastion),
            revision: entry.revision,
        }
    }
}

fn session(match_state: &MatchState, reasoning: &MatchReasoning) -> Option<JoinedView> {
    match &match_state.verdict {
        Match::Matched(matched) => {
            let by_log = || match_explained(&matched.grounds, reasoning);
            let explained = match_state.confirmed.as_ref().map_or_else(by_log, Confirmed::explained);
            Some(JoinedView::from_facts(&matched.session, &matched.evidence, &matched.grounds, explained))
        }
        _ => None,
    }
}

fn candidates(verdict: &Match) -> Vec<JoinedView> {
    match verdict {
        Match::Ambiguous { candidates, .. } => {
            let view = |one: &Candidate| {
                JoinedView::from_facts(&one.session, &one.evidence, &one.grounds, candidate_explained(&one.grounds))
            };
            candidates.iter().map(view).collect()
        }
        _ => Vec::new(),
    }
}

fn more_candidates(verdict: &Match) -> u64 {
    match verdict {
        Match::Ambiguous { more, .. } => *more,
        _ => 0,
    }
}

fn attempt(verdict: &Match) -> Option<FactsView> {
    match verdict {
        Match::Unmatched { attempt: Some(attempt) } => Some(FactsView::from_facts(attempt)),
        _ => None,
    }
}

fn as_text<S: Serializer>(id: &RecordingId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
