//! One recording, as everybody outside sees it.

use std::collections::BTreeMap;

use domain::blob::{ETag, whole_second};
use domain::catalogue::{Confirmed, Entry, Joined};
use domain::estate::Estate;
use domain::join::{Candidate, Match, Weighing, candidate_explained, match_explained};
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::confirmed::ConfirmedView;
use super::custody::{DeletionView, HeldView, RetentionView};
use super::session::{FactsView, JoinedView};
use super::undecided::UndecidedView;
use crate::stored::checkpoint::is_zero;

/// The version of this form.
const SCHEMA: u32 = 1;

/// A catalogue entry; the fields stand in the order in which they are written.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordingView<'a> {
    /// The version of this form.
    pub schema: u32,
    /// The entry's id; never changes.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub id: RecordingId,
    /// Where the recording stands: `active`, `settled`, `expiring`, `missing` or `deleted`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["active", "settled", "expiring", "missing", "deleted"])))]
    pub state: &'static str,
    /// What is known of its session: `pending`, `matched`, `ambiguous` or `unmatched`.
    #[serde(rename = "match")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "matched", "ambiguous", "unmatched"])))]
    pub matching: &'static str,
    /// Who is on it, where that is certain.
    pub person: Option<&'a str>,
    /// The bastion that recorded it, as configured.
    pub bastion: &'a str,
    /// The storage account.
    pub account: &'a str,
    /// The container.
    pub container: &'a str,
    /// The blob's name, unchanged; it may hold anything.
    pub name: &'a str,
    /// When the blob came to be; null where only its end was heard of.
    pub created_at: Option<Timestamp>,
    /// When its content was last written, as far as known.
    pub last_modified: Option<Timestamp>,
    /// How long it is, in milliseconds, once it has settled; null for one that was written at once, and so may have been
    /// uploaded after a session that is not known.
    pub duration_ms: Option<u64>,
    /// What `duration_ms` is taken from: `recording` (creation and last write) or, if it was uploaded, `session` (start and
    /// end in the audit log).
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["recording", "session", null])))]
    pub duration_from: Option<&'static str>,
    /// When it settled; null while it is active.
    pub settled_at: Option<Timestamp>,
    /// The length of the content in bytes.
    pub size_bytes: Option<u64>,
    /// The version of the content, without quotes.
    pub etag: Option<String>,
    /// The access tier, as storage names it.
    pub tier: Option<&'a str>,
    /// The SHA-256 of the content that the ledger tells of; null until it was hashed.
    pub content_sha256: Option<String>,
    /// The session, where it is certain.
    pub session: Option<JoinedView>,
    /// The person whose word the session is; null while it is what the log says.
    pub confirmed: Option<ConfirmedView<'a>>,
    /// The sessions that it may be of, where none is certain; the likeliest first.
    pub candidates: Vec<JoinedView>,
    /// How many more candidates there are, which are not kept; left out if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_candidates: u64,
    /// The failed login that left it.
    pub attempt: Option<FactsView>,
    /// Why no session is certain. `null` where one is, and where none fits.
    pub undecided: Option<UndecidedView>,
    /// Times of its session that storage contradicts and that do not count: `start_contradicts_storage`,
    /// `end_contradicts_storage`. Not there where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<&'static str>,
    /// How long it stays; null until it is final, and where there is no policy.
    pub retention: Option<RetentionView<'a>>,
    /// The legal holds that cover it, and a hold that somebody else wrote into its tags.
    pub holds: Vec<HeldView<'a>>,
    /// All blob index tags, ours and other people's, as last known.
    pub tags: &'a BTreeMap<String, String>,
    /// Its deletion.
    pub deletion: Option<DeletionView<'a>>,
    /// The bastion's page in the portal; null where its resource id is not configured.
    pub portal_url: Option<String>,
    /// How often the entry was saved.
    pub revision: u64,
}

impl<'a> RecordingView<'a> {
    /// The public form of an entry, as it is now.
    pub fn of(entry: &'a Entry, estate: &Estate, now: Timestamp) -> Self {
        let (life, verdict) = (&entry.life, &entry.joined.verdict);
        let length = entry.length();
        let weighing = entry.joined.weighing(entry.state);
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
            session: session(&entry.joined, &weighing),
            confirmed: ConfirmedView::of(&entry.joined),
            candidates: candidates(verdict),
            more_candidates: more_candidates(verdict),
            attempt: attempt(verdict),
            undecided: UndecidedView::of(&weighing).filter(|_| entry.joined.confirmed.is_none()),
            warnings: entry.joined.contradicted.names(),
            retention: RetentionView::of(entry, now),
            holds: HeldView::all_of(entry),
            tags: &entry.tags.0,
            deletion: DeletionView::of(entry),
            portal_url: estate.portal_url(&entry.bastion),
            revision: entry.revision,
        }
    }
}

fn session(joined: &Joined, weighing: &Weighing) -> Option<JoinedView> {
    match &joined.verdict {
        Match::Matched(matched) => {
            let by_log = || match_explained(&matched.grounds, weighing);
            let explained = joined.confirmed.as_ref().map_or_else(by_log, Confirmed::explained);
            Some(JoinedView::of(&matched.session, &matched.evidence, &matched.grounds, explained))
        }
        _ => None,
    }
}

fn candidates(verdict: &Match) -> Vec<JoinedView> {
    match verdict {
        Match::Ambiguous { candidates, .. } => {
            let view = |one: &Candidate| {
                JoinedView::of(&one.session, &one.evidence, &one.grounds, candidate_explained(&one.grounds))
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
        Match::Unmatched { attempt: Some(attempt) } => Some(FactsView::of(attempt)),
        _ => None,
    }
}

fn as_text<S: Serializer>(id: &RecordingId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
