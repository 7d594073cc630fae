//! One session, as everybody outside sees it.

use std::sync::Arc;

use domain::blob::whole_second;
use domain::join::{Evidence, Grounds, Points};
use domain::recording_id::RecordingId;
use domain::session::{Gap, Records, SessionFacts, Texts, Warning, machine_of};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{OffsetsView, PendingView};
use crate::query::FoundSession;

/// The version of this form.
const SCHEMA: u32 = 1;

/// What is known of a session. Times are as exact as in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactsView {
    /// The connection, as the bastion names it.
    pub tunnel_id: String,
    /// The account on the target; no person.
    pub user_name: Option<String>,
    /// The person.
    pub user_email: Option<String>,
    /// Where the person came from.
    pub client_ip: Option<String>,
    /// `ssh` or `rdp`.
    pub protocol: Option<String>,
    /// The machine's resource id.
    pub target_resource_id: Option<String>,
    /// The machine's private address.
    pub target_ip: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How long it was, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// The session of a recording, or one that may be it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JoinedView {
    /// The session.
    #[serde(flatten)]
    pub facts: FactsView,
    /// By how many points the match leads everything else that is possible, at the least: 30 are 1,000 to 1, 40 are 10,000
    /// to 1. Of a candidate: how much likelier it is than that no session in the log is on the recording.
    pub lead: i32,
    /// The lead that a name needs. `null` where no lead is enough, since both times are unusual.
    pub lead_needed: Option<i32>,
    /// When the recording was written, if this is its session: `live`, while the session went on, or `at_end`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end"])))]
    pub written: &'static str,
    /// What speaks for it: `name`, `start`, `end`, `duration`, `only`.
    pub evidence: Vec<&'static str>,
    /// How far the times of recording and session are apart.
    pub offsets: OffsetsView,
    /// The same in words.
    pub explained: String,
}

/// A session by itself.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionView {
    /// The version of this form.
    pub schema: u32,
    /// The bastion, as configured.
    pub bastion: String,
    /// Where it stands: `open`, `ended` or `failed`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["open", "ended", "failed"])))]
    pub state: &'static str,
    /// The session.
    #[serde(flatten)]
    pub facts: FactsView,
    /// Its recording, where that is certain.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub recording_id: Option<RecordingId>,
    /// What is odd about its records, and which of its times its recording contradicts.
    pub warnings: Vec<&'static str>,
    /// That it is known to have no recording.
    pub gap: Option<GapView>,
}

/// That a session has no recording.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapView {
    /// Why, as far as can be told.
    pub cause: &'static str,
    /// When it was found.
    pub found_at: Timestamp,
    /// The sessions of which one has none, where nothing tells which; else empty.
    pub one_of: Vec<String>,
}

/// A session with what its records say, word for word.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionDetailView<'a> {
    /// The session itself.
    #[serde(flatten)]
    pub session: SessionView,
    /// What the records say; more than one text in a field where they disagree.
    pub records: RecordsView<'a>,
    /// Recordings that may be its own.
    #[serde(serialize_with = "as_texts")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub candidate_of: Vec<RecordingId>,
    /// What is still to be carried out because of it.
    pub pending_effects: Vec<PendingView>,
}

/// The texts of records, each different one once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the fields are those of the audit log")]
pub struct RecordsView<'a> {
    pub user_name: Vec<&'a str>,
    pub user_email: Vec<&'a str>,
    pub client_ip: Vec<&'a str>,
    pub protocol: Vec<&'a str>,
    pub target_resource_id: Vec<&'a str>,
    pub target_ip: Vec<&'a str>,
    pub resource_type: Vec<&'a str>,
    pub user_agent: Vec<&'a str>,
    pub message: Vec<&'a str>,
    pub odd: Vec<&'a str>,
}

impl FactsView {
    /// The public form of what is known of a session.
    pub fn of(facts: &SessionFacts) -> Self {
        let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
        Self {
            tunnel_id: facts.tunnel_id.as_str().to_owned(),
            user_name: text(&facts.user_name),
            user_email: text(&facts.user_email),
            client_ip: text(&facts.client_ip),
            protocol: text(&facts.protocol),
            target_resource_id: text(&facts.target_resource_id),
            target_ip: text(&facts.target_ip),
            started_at: facts.started_at,
            ended_at: facts.ended_at,
            duration_ms: facts.duration.and_then(|duration| u64::try_from(duration.as_millis()).ok()),
        }
    }
}

impl FactsView {
    /// The machine by its name, or else its address.
    pub fn machine(&self) -> Option<String> {
        let by_id = self.target_resource_id.as_deref().and_then(machine_of);
        by_id.or_else(|| self.target_ip.clone())
    }
}

impl JoinedView {
    pub(super) fn of(session: &SessionFacts, evidence: &[Evidence], grounds: &Grounds, explained: String) -> Self {
        Self {
            facts: FactsView::of(session),
            lead: grounds.points.floor(),
            lead_needed: grounds.needed.map(Points::floor),
            written: grounds.written.name(),
            evidence: evidence.iter().map(|evidence| evidence.name()).collect(),
            offsets: OffsetsView::of(grounds),
            explained,
        }
    }
}

impl JoinedView {
    /// Whether a candidate is likelier than that no session in the log is on the recording.
    pub fn is_likely(&self) -> bool {
        self.lead > 0
    }
}

impl SessionView {
    /// The public form of a session with its recording, where that is certain.
    pub fn of(found: &FoundSession) -> Self {
        let FoundSession { entry, recording, contradicted } = found;
        let session = entry.session();
        let warnings = session.warnings.iter().copied().map(Warning::name).chain(contradicted.names());
        Self {
            schema: SCHEMA,
            bastion: entry.id.bastion.as_str().to_owned(),
            state: session.state.name(),
            facts: FactsView::of(&session.facts),
            recording_id: *recording,
            warnings: warnings.collect(),
            gap: entry.gap.as_ref().filter(|_| entry.has_gap()).map(GapView::of),
        }
    }
}

impl GapView {
    fn of(gap: &Gap) -> Self {
        let one_of = match &gap.cause {
            domain::session::Cause::OneOf(tunnels) => tunnels.iter().map(|one| one.as_str().to_owned()).collect(),
            _ => Vec::new(),
        };
        Self { cause: gap.cause.name(), found_at: whole_second(gap.found_at), one_of }
    }
}

impl<'a> SessionDetailView<'a> {
    /// The public form of a session with what its records say.
    pub fn of(found: &'a FoundSession, candidate_of: Vec<RecordingId>) -> Self {
        Self {
            session: SessionView::of(found),
            records: RecordsView::of(&found.entry.records),
            candidate_of,
            pending_effects: found.entry.pending.iter().map(PendingView::of).collect(),
        }
    }
}

impl<'a> RecordsView<'a> {
    fn of(records: &'a Records) -> Self {
        let said = |texts: &'a Texts| texts.iter().collect();
        Self {
            user_name: said(&records.user_name),
            user_email: said(&records.user_email),
            client_ip: said(&records.client_ip),
            protocol: said(&records.protocol),
            target_resource_id: said(&records.target_resource_id),
            target_ip: said(&records.target_ip),
            resource_type: said(&records.resource_type),
            user_agent: said(&records.user_agent),
            message: said(&records.message),
            odd: said(&records.odd),
        }
    }
}

#[expect(clippy::ref_option, reason = "the serializer gives the field as it is")]
fn as_text<S: Serializer>(id: &Option<RecordingId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}

fn as_texts<S: Serializer>(ids: &[RecordingId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}
