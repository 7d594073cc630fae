//! Sessions that go on at this moment, with what the audit log and the catalogue know of them.

use domain::estate::BastionName;
use domain::ledger::{Fact, What};
use domain::posture::{Known, ResourceId};
use domain::session::TunnelId;

use crate::archivist::Archivist;
use crate::ports::{Disconnected, Fault, LiveSession, LiveSessions};
use crate::query::{self, FoundSession, SessionPage, SessionQuery};

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

    /// Ends a session of a bastion. The ledger tells that it is about to be ended, then what came of it.
    ///
    /// # Errors
    /// If the intention cannot be kept, in which case nothing is asked of the bastion, and if its answer is not known.
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
        let [name, session, by] = [bastion.as_str(), id, by].map(str::to_owned);
        let intended = What::SessionDisconnecting { bastion: name.clone(), session: session.clone(), by: by.clone() };
        self.record_now(intended).await?;
        let answer = api.disconnect(&resource, std::slice::from_ref(&session)).await;
        let (shown_session, shown_by) = (domain::address::Printable(&session), domain::address::Printable(&by));
        let outcome = match outcome_of(&answer, &session) {
            Ok(()) => {
                tracing::warn!(bastion = name, session = %shown_session, by = %shown_by, "session disconnected");
                What::SessionDisconnected { bastion: name, session, by }
            }
            Err(reason) => {
                tracing::warn!(bastion = name, session = %shown_session, by = %shown_by, reason, "session not disconnected");
                What::SessionNotDisconnected { bastion: name, session, by, reason }
            }
        };
        self.record_now(outcome).await?;
        answer
    }

    async fn record_now(&self, what: What) -> Result<(), Fault> {
        self.record(&Fact::new(domain::blob::whole_second(self.now()), what)).await
    }

    /// The sessions of a bastion that may be among these, as the audit log tells of them.
    async fn lately(&self, bastion: &BastionName, live: &[LiveSession]) -> Result<SessionPage, Fault> {
        let Some(earliest) = live.iter().filter_map(|one| one.started_at).min() else {
            return Ok(SessionPage { items: Vec::new(), next_cursor: None });
        };
        let from = earliest.checked_sub(jiff::SignedDuration::from_secs(APART)).ok();
        let began = query::TimeRange { from, to: None };
        let query = SessionQuery { bastion: Some(bastion.clone()), began, limit: OPEN, ..SessionQuery::default() };
        query::sessions(self.ports.sessions.as_ref(), self.ports.catalogue.as_ref(), &query).await
    }
}

/// Whether the bastion says that it has ended this session; else what it said, or why that is not known.
fn outcome_of(answer: &Result<Known<Vec<Disconnected>>, Fault>, id: &str) -> Result<(), String> {
    match answer {
        Err(fault) => Err(format!("whether it was ended is not known: {fault}")),
        Ok(Known::NotReadable(why)) => Err(why.clone()),
        Ok(Known::Read(ended)) => match ended.iter().find(|one| one.id == id) {
            Some(one) if one.is_done => Ok(()),
            Some(one) => Err(one.said.clone()),
            None => Err("the bastion said nothing of it".to_owned()),
        },
    }
}

/// Pairs a live session with the only one that it can be: a person is never named on a guess. If there are more sessions
/// than were read, only one with its very id is.
fn paired(live: LiveSession, known: &SessionPage) -> FoundLive {
    let same_id =
        |found: &&FoundSession| TunnelId::parse(&live.id).is_some_and(|id| found.entry.session().facts.tunnel_id == id);
    if let Some(found) = known.items.iter().find(same_id) {
        return FoundLive { known: Some(found.clone()), live };
    }
    let is_whole = known.next_cursor.is_none();
    let mut fitting = known.items.iter().filter(|found| is_whole && fits(&live, found));
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
