//! Stored form of a legal hold.

use domain::address::ContainerAddress;
use domain::record::hold::{Actor, Hold, HoldId, HoldScope};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::Schema;
use super::checkpoint::CheckpointDocument;
use super::known;

/// Hold with its notifications and its release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldForm {
    schema: Schema,
    id: String,
    case: String,
    reason: String,
    scope: ScopeForm,
    placed_by: ActorForm,
    placed_at: Timestamp,
    /// True once its placement was announced.
    pub(crate) is_announced: bool,
    /// Release, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) released: Option<ReleaseForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recording: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    machine: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bastion: Option<String>,
    /// Each as `account/container`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    containers: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Timestamp>,
}

/// Person who placed or released a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActorForm {
    name: String,
    is_verified: bool,
}

/// Release of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseForm {
    pub(crate) by: ActorForm,
    pub(crate) at: Timestamp,
    /// True once the release was announced.
    pub(crate) is_announced: bool,
}

impl CheckpointDocument for HoldForm {
    const WHAT: &str = "legal hold";

    fn without_future(self, _: Timestamp) -> Self {
        // A hold is in force from the moment it is stored, whatever its timestamps.
        self
    }
}

impl HoldForm {
    /// Returns the form of a new hold, not yet announced.
    pub(crate) fn new(hold: &Hold) -> Self {
        let HoldScope { recording, session, person, machine, bastion, containers, from, to } = hold.scope.clone();
        let recording = recording.map(|id| id.to_string());
        let containers = containers.iter().map(ToString::to_string).collect();
        Self {
            schema: Schema,
            id: hold.id.as_str().to_owned(),
            case: hold.case.clone(),
            reason: hold.reason.clone(),
            scope: ScopeForm { recording, session, person, machine, bastion, containers, from, to },
            placed_by: ActorForm::from(&hold.placed_by),
            placed_at: hold.placed_at,
            is_announced: false,
            released: None,
        }
    }

    /// Parses the hold. Returns an error if an id is invalid.
    pub(crate) fn hold(&self) -> Result<Hold, serde_json::Error> {
        let ScopeForm { recording, session, person, machine, bastion, containers, from, to } = self.scope.clone();
        let containers = containers.iter().map(|text| known(container(text), "container", text));
        let containers = containers.collect::<Result<_, _>>()?;
        let recording = recording.map(|id| RecordingId::parse(&id).map_err(serde_json::Error::custom)).transpose()?;
        Ok(Hold {
            id: known(HoldId::parse(&self.id), "hold", &self.id)?,
            case: self.case.clone(),
            reason: self.reason.clone(),
            scope: HoldScope { recording, session, person, machine, bastion, containers, from, to },
            placed_by: Actor::from(&self.placed_by),
            placed_at: self.placed_at,
        })
    }
}

fn container(text: &str) -> Option<ContainerAddress> {
    let (account, container) = text.split_once('/')?;
    ContainerAddress::parse(account, container).ok()
}

impl From<&Actor> for ActorForm {
    fn from(actor: &Actor) -> Self {
        Self { name: actor.name.clone(), is_verified: actor.is_verified }
    }
}

impl From<&ActorForm> for Actor {
    fn from(form: &ActorForm) -> Self {
        Self { name: form.name.clone(), is_verified: form.is_verified }
    }
}
