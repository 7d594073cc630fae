//! Public form of a session.

use std::sync::Arc;

use domain::record::blob::whole_second;
use domain::record::join::{Evidence, MatchGrounds, Points};
use domain::record::recording_id::RecordingId;
use domain::record::session::{Gap, Records, SessionFacts, Texts, Warning, machine_of};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{OffsetsView, PendingView};
use crate::query::FoundSession;

/// Version of this form.
const SCHEMA: u32 = 1;

/// Facts of a session. Times are as exact as in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactsView {
    /// Tunnel id of the connection at the bastion.
    pub tunnel_id: String,
    /// Account on the target; not a person.
    pub user_name: Option<String>,
    /// Person, by email address.
    pub user_email: Option<String>,
    /// IP address of the client.
    pub client_ip: Option<String>,
    /// `ssh` or `rdp`.
    pub protocol: Option<String>,
    /// Resource id of the machine.
    pub target_resource_id: Option<String>,
    /// Private IP address of the machine.
    pub target_ip: Option<String>,
    /// Start of the session.
    pub started_at: Option<Timestamp>,
    /// End of the session.
    pub ended_at: Option<Timestamp>,
    /// Duration in milliseconds.
    pub duration_ms: Option<u64>,
}

/// Session of a recording, or a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JoinedView {
    /// Facts of the session.
    #[serde(flatten)]
    pub facts: FactsView,
    /// Minimum lead in points over all other explanations: 30 points are 1,000 to 1, 40 are 10,000 to 1. For a
    /// candidate, the lead over the explanation that the log has no session of this recording.
    pub lead: i32,
    /// Lead required for a name. `null` if no lead is enough because both times are unusual.
    pub lead_needed: Option<i32>,
    /// Writing of the recording, if this is its session: `live`, during the session, or `at_end`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["live", "at_end"])))]
    pub written: &'static str,
    /// Evidence for the session: `name`, `start`, `end`, `duration`, `only`.
    pub evidence: Vec<&'static str>,
    /// Time offsets between recording and session.
    pub offsets: OffsetsView,
    /// The same in words.
    pub explained: String,
}

/// Session on its own.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionView {
    /// Version of this form.
    pub schema: u32,
    /// Bastion name, as configured.
    pub bastion: String,
    /// State: `open`, `ended` or `failed`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["open", "ended", "failed"])))]
    pub state: &'static str,
    /// Facts of the session.
    #[serde(flatten)]
    pub facts: FactsView,
    /// Recording of the session, if certain.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub recording_id: Option<RecordingId>,
    /// Oddities of its records, and session times contradicted by its recording.
    pub warnings: Vec<&'static str>,
    /// Missing recording; null unless known to be missing.
    pub gap: Option<GapView>,
}

/// Missing recording of a session.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapView {
    /// Cause, if known.
    pub cause: &'static str,
    /// Time at which the gap was found.
    pub found_at: Timestamp,
    /// Sessions of which one has no recording, if it is unknown which; else empty.
    pub one_of: Vec<String>,
}

/// Session with the verbatim texts of its records.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionDetailView<'a> {
    /// Session.
    #[serde(flatten)]
    pub session: SessionView,
    /// Texts of the records; several per field if they disagree.
    pub records: RecordsView<'a>,
    /// Recordings that have this session as a candidate.
    #[serde(serialize_with = "as_texts")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub candidate_of: Vec<RecordingId>,
    /// Effects still to be carried out.
    pub pending_effects: Vec<PendingView>,
}

/// Distinct texts of the records.
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
    /// Returns the public form of the facts.
    pub fn from_facts(facts: &SessionFacts) -> Self {
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
    /// Returns the machine's name, or its IP address if the name is unknown.
    pub fn machine(&self) -> Option<String> {
        let by_id = self.target_resource_id.as_deref().and_then(machine_of);
        by_id.or_else(|| self.target_ip.clone())
    }
}

impl JoinedView {
    pub(super) fn from_facts(
        session: &SessionFacts,
        evidence: &[Evidence],
        grounds: &MatchGrounds,
        explained: String,
    ) -> Self {
        Self {
            facts: FactsView::from_facts(session),
            lead: grounds.points.floor(),
            lead_needed: grounds.needed.map(Points::floor),
            written: grounds.written.name(),
            evidence: evidence.iter().map(|evidence| evidence.name()).collect(),
            offsets: OffsetsView::from_grounds(grounds),
            explained,
        }
    }
}

impl JoinedView {
    /// Returns true if the candidate is likelier than a session missing in the log.
    pub fn is_likely(&self) -> bool {
        self.lead > 0
    }
}

impl SessionView {
    /// Returns the public form of a session, with its recording if certain.
    pub fn from_session(found: &FoundSession) -> Self {
        let FoundSession { entry, recording, contradicted } = found;
        let session = entry.session();
        let warnings = session.warnings.iter().copied().map(Warning::name).chain(contradicted.names());
        Self {
            schema: SCHEMA,
            bastion: entry.id.bastion.as_str().to_owned(),
            state: session.state.name(),
            facts: FactsView::from_facts(&session.facts),
            recording_id: *recording,
            warnings: warnings.collect(),
            gap: entry.gap.as_ref().filter(|_| entry.has_gap()).map(GapView::from_gap),
        }
    }
}

impl GapView {
    fn from_gap(gap: &Gap) -> Self {
        let one_of = match &gap.cause {
            domain::record::session::GapCause::OneOf(tunnels) => {
                tunnels.iter().map(|one| one.as_str().to_owned()).collect()
            }
            _ => Vec::new(),
        };
        Self { cause: gap.cause.name(), found_at: whole_second(gap.found_at), one_of }
    }
}

impl<'a> SessionDetailView<'a> {
    /// Returns the public form of a session with the texts of its records.
    pub fn from_session(found: &'a FoundSession, candidate_of: Vec<RecordingId>) -> Self {
        Self {
            session: SessionView::from_session(found),
            records: RecordsView::from_records(&found.entry.records),
            candidate_of,
            pending_effects: found.entry.pending.iter().map(PendingView::from_pending).collect(),
        }
    }
}

impl<'a> RecordsView<'a> {
    fn from_records(records: &'a Records) -> Self {
        let all_of = |texts: &'a Texts| texts.iter().collect();
        Self {
            user_name: all_of(&records.user_name),
            user_email: all_of(&records.user_email),
            client_ip: all_of(&records.client_ip),
            protocol: all_of(&records.protocol),
            target_resource_id: all_of(&records.target_resource_id),
            target_ip: all_of(&records.target_ip),
            resource_type: all_of(&records.resource_type),
            user_agent: all_of(&records.user_agent),
            message: all_of(&records.message),
            odd: all_of(&records.odd),
        }
    }
}

#[expect(clippy::ref_option, reason = "the serializer passes the field by reference")]
fn as_text<S: Serializer>(id: &Option<RecordingId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}

fn as_texts<S: Serializer>(ids: &[RecordingId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}
