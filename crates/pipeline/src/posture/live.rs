//! Sessions that go on at this moment, with what the audit log and the catalogue know of them.

use domain::estate::BastionName;
use domain::ledger::{Fact, What};
use domain::posture::{Known, ResourceId};
use domain::session::TunnelId;

use crate::archivist::Archivist;
use crate::ports::{Disconnected, Fault, LiveSession, LiveSessions};
use crate::query::{self, FoundSession, SessionQuery};

/// How many open sessions of a bastion are compared.
const OPEN: usize = 500;
/// How far the two beginnings of one session may lie apart, in seconds.
const APART: i64 = 120;

/// The live sessions of one bastion, or why they cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveOfBastion {
    /// The bastion.
    pub bastion: BastionName,
    /// Its sessions.
    pub sessions: Known<Vec<FoundLive>>,
}

/// A live session with the one that the audit log tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundLive {
    /// The session that goes on.
    pub live: LiveSession,
    /// The only one of the audit log that it can be. `None` where that has told of none yet, or of several.
    pub known: Option<FoundSession>,
}

impl Archivist {
    /// The sessions that go on, of this bastion or of all.
    pub async fn live_sessions(
        &self,
        api: &dyn LiveSessions,
        bastion: Option<&BastionName>,
    ) -> Result<Vec<LiveOfBastion>, Fault> {
        let mut all = Vec::new();
        for one in self.settings.estate.bastions.iter().filter(|one| bastion.is_none_or(|name| one.name == *name)) {
            let live = match one.resource_id.as_deref().and_then(ResourceId::parse) {
                None => Known::unread("the bastion has no resource id in archivist.yaml"),
                Some(id) => api.live(&id).await?,
            };
            let sessions = match live {
                Known::NotReadable(why) => Known::NotReadable(why),
                Known::Read(live) => {
                    let known = self.lately(&one.name, &live).await?;
                    Known::Read(live.into_iter().map(|live| paired(live, &known)).collect())
                }
            };
            all.push(LiveOfBastion { bastion: one.name.clone(), sessions });
        }
        Ok(all)
    }

    /// The sessions of all bastions that go on. `None` where nobody can ask.
    pub async fn watched_sessions(&self) -> Result<Option<Vec<LiveOfBastion>>, Fault> {
        match &self.watch.live {
            Some(api) => self.live_sessions(api.as_ref(), None).await.map(Some),
            None => Ok(None),
        }
    }

    /// Ends a session of a bastion, and has the ledger tell of it.
    pub async fn disconnect(
        &self,
        api: &dyn LiveSessions,
        bastion: &BastionName,
        id: &str,
        by: &str,
    ) -> Result<Known<Vec<Disconnected>>, Fault> {
        let known = self.settings.estate.bastion(bastion).and_then(|one| one.resource_id.as_deref());
        let Some(resource) = known.and_then(ResourceId::parse) else {
            return Ok(Known::unread("the bastion has no resource id in archivist.yaml"));
        };
        let ended = api.disconnect(&resource, &[id.to_owned()]).await?;
        for one in ended.read().into_iter().flatten() {
            let (session, by) = (domain::address::Printable(&one.id), domain::address::Printable(by));
            tracing::warn!(bastion = bastion.as_str(), %session, %by, done = one.is_done, "session to be disconnected");
            if one.is_done {
                let what = What::SessionDisconnected {
                    bastion: bastion.as_str().to_owned(),
                    session: one.id.clone(),
                    by: by.0.to_owned(),
                };
                self.record(&Fact::new(domain::blob::whole_second(self.ports.clock.now()), what)).await?;
            }
        }
        Ok(ended)
    }

    /// The sessions of a bastion that may be among these, as the audit log tells of them.
    async fn lately(&self, bastion: &BastionName, live: &[LiveSession]) -> Result<Vec<FoundSession>, Fault> {
        let Some(earliest) = live.iter().filter_map(|one| one.started_at).min() else {
            return Ok(Vec::new());
        };
        let from = earliest.checked_sub(jiff::SignedDuration::from_secs(APART)).ok();
        let began = query::TimeRange { from, to: None };
        let query = SessionQuery { bastion: Some(bastion.clone()), began, limit: OPEN, ..SessionQuery::default() };
        Ok(query::sessions(self.ports.sessions.as_ref(), self.ports.catalogue.as_ref(), &query).await?.items)
    }
}

/// Only one that fits alone is given: a person is never named on a guess.
fn paired(live: LiveSession, known: &[FoundSession]) -> FoundLive {
    let same_id =
        |found: &&FoundSession| TunnelId::parse(&live.id).is_some_and(|id| found.entry.session().facts.tunnel_id == id);
    if let Some(found) = known.iter().find(same_id) {
        return FoundLive { known: Some(found.clone()), live };
    }
    let mut fitting = known.iter().filter(|found| fits(&live, found));
    let known = match (fitting.next(), fitting.next()) {
        (Some(found), None) => Some(found.clone()),
        _ => None,
    };
    FoundLive { live, known }
}

fn fits(live: &LiveSession, found: &FoundSession) -> bool {
    let session = found.entry.session();
    let facts = &session.facts;
    let is_same = |one: Option<&str>, other: Option<&str>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    };
    let begun = live.started_at.is_some_and(|at| found.entry.at().duration_since(at).as_secs().abs() <= APART);
    let target = is_same(live.target_resource_id.as_deref(), facts.target_resource_id.as_deref())
        || is_same(live.target_ip.as_deref(), facts.target_ip.as_deref());
    let account = live.user_name.is_none()
        || facts.user_name.is_none()
        || is_same(live.user_name.as_deref(), facts.user_name.as_deref());
    begun && target && account && facts.ended_at.is_none()
}
