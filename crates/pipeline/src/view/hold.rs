//! Public form of a legal hold.

use domain::record::blob::whole_second;
use domain::record::hold::Actor;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::hold::KnownHold;

/// Legal hold.
#[derive(Debug, Serialize)]
pub struct HoldView<'a> {
    id: &'a str,
    case: &'a str,
    reason: &'a str,
    /// Only the parts that are set: `recording`, `session`, `person`, `machine`, `bastion`, `from`, `to`.
    scope: Map<String, Value>,
    placed_at: Timestamp,
    placed_by: ActorView<'a>,
    released_at: Option<Timestamp>,
    released_by: Option<ActorView<'a>>,
}

#[derive(Debug, Serialize)]
struct ActorView<'a> {
    name: &'a str,
    verified: bool,
}

impl<'a> HoldView<'a> {
    /// Returns the public form of a hold.
    pub fn from_hold(known: &'a KnownHold) -> Self {
        let KnownHold { hold, released } = known;
        let scope = hold.scope.parts().into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        let (released_by, released_at) = released.as_ref().map(|(by, at)| (by, *at)).unzip();
        Self {
            id: hold.id.as_str(),
            case: &hold.case,
            reason: &hold.reason,
            scope: scope.collect(),
            placed_at: whole_second(hold.placed_at),
            placed_by: ActorView::from_actor(&hold.placed_by),
            released_at: released_at.map(whole_second),
            released_by: released_by.map(ActorView::from_actor),
        }
    }
}

impl<'a> ActorView<'a> {
    fn from_actor(actor: &'a Actor) -> Self {
        Self { name: &actor.name, verified: actor.is_verified }
    }
}
