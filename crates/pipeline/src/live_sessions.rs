//! Lists and ends live sessions, matched with the audit log and the catalogue.

use std::sync::Arc;

use domain::decide::posture::{MaybeKnown, ResourceId};
use domain::record::estate::{BastionName, Estate};
use domain::record::ledger::{LedgerEvent, LedgerFact};
use domain::record::session::TunnelId;

use crate::ports::{Catalogue, Disconnected, Fault, LiveSession, LiveSessions, Sessions};
use crate::posture::Watch;
use crate::query::{self, FoundSession, SessionPage, SessionQuery};
use crate::record::AppendLedger;
use crate::time::TimeSource;

/// Maximum number of sessions per bastion to compare.
const OPEN: usize = 500;
/// Tolerance between the two start times of a session, in seconds.
const APART: i64 = 120;

/// Live sessions of one bastion, or the reason they cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveOfBastion {
    /// Bastion name.
    pub bastion: BastionName,
    /// Its live sessions.
    pub sessions: MaybeKnown<Vec<FoundLive>>,
}

/// Live session with its session from the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundLive {
    /// Session as reported by the bastion.
    pub live: LiveSession,
    /// Only matching session of the audit log. `None` if there is none yet, or more than one.
    pub known: Option<FoundSession>,
}

/// Lists and ends live sessions.
pub struct ControlSessions {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) ledger_queue: Arc<AppendLedger>,
}

impl ControlSessions {
    /// Returns the live sessions of one bastion or of all.
    ///
    /// Returns an error if a bastion or the catalogue cannot be queried.
    pub async fn live_sessions(
        &self,
        api: &dyn LiveSessions,
        bastion: Option<&BastionName>,
    ) -> Result<Vec<LiveOfBastion>, Fault> {
        let mut all = Vec::new();
        for one in self.estate.bastions.iter().filter(|one| bastion.is_none_or(|name| one.name == *name)) {
            let live = match one.resource_id.as_deref().and_then(ResourceId::parse) {
                None => MaybeKnown::unread("the bastion has no resource id in archivist.yaml"),
                Some(id) => api.live(&id).await?,
            };
            let sessions = match live {
                MaybeKnown::NotReadable(why) => MaybeKnown::NotReadable(why),
                MaybeKnown::Read(live) => {
                    let known = self.lately(&one.name, &live).await?;
                    MaybeKnown::Read(live.into_iter().map(|live| paired(live, &known)).collect())
                }
            };
            all.push(LiveOfBastion { bastion: one.name.clone(), sessions });
        }
        Ok(all)
    }

    /// Returns the live sessions of all bastions, or `None` if no API is available.
    pub async fn watched_sessions(&self) -> Result<Option<Vec<LiveOfBastion>>, Fault> {
        match &self.watch.live {
            Some(api) => self.live_sessions(api.as_ref(), None).await.map(Some),
            None => Ok(None),
        }
    }

    /// Ends a session. The ledger records the intention before the request, and the result after it.
    ///
    /// Returns an error if the intention cannot be recorded, in which case no request is sent, or if the result is
    /// unknown.
    pub async fn disconnect(
        &self,
        api: &dyn LiveSessions,
        bastion: &BastionName,
        id: &str,
        by: &str,
    ) -> Result<MaybeKnown<Vec<Disconnected>>, Fault> {
        let known = self.estate.bastion(bastion).and_then(|one| one.resource_id.as_deref());
        let Some(resource) = known.and_then(ResourceId::parse) else {
            return Ok(MaybeKnown::unread("the bastion has no resource id in archivist.yaml"));
        };
        let [name, session, by] = [bastion.as_str(), id, by].map(str::to_owned);
        let intended =
            LedgerEvent::SessionDisconnecting { bastion: name.clone(), session: session.clone(), by: by.clone() };
        self.record_now(intended).await?;
        let answer = api.disconnect(&resource, std::slice::from_ref(&session)).await;
        let (shown_session, shown_by) = (domain::address::Printable(&session), domain::address::Printable(&by));
        let outcome = match outcome_of(&answer, &session) {
            Ok(()) => {
                tracing::warn!(bastion = name, session = %shown_session, by = %shown_by, "session disconnected");
                LedgerEvent::SessionDisconnected { bastion: name, session, by }
            }
            Err(reason) => {
                tracing::warn!(bastion = name, session = %shown_session, by = %shown_by, reason, "session not disconnected");
                LedgerEvent::SessionNotDisconnected { bastion: name, session, by, reason }
            }
        };
        self.record_now(outcome).await?;
        answer
    }

    async fn record_now(&self, what: LedgerEvent) -> Result<(), Fault> {
        self.ledger_queue.record(&LedgerFact::new(domain::record::blob::whole_second(self.time.now()), what)).await
    }

    /// Returns the possible matches of these live sessions in the audit log.
    async fn lately(&self, bastion: &BastionName, live: &[LiveSession]) -> Result<SessionPage, Fault> {
        let Some(earliest) = live.iter().filter_map(|one| one.started_at).min() else {
            return Ok(SessionPage { items: Vec::new(), next_cursor: None });
        };
        let from = earliest.checked_sub(jiff::SignedDuration::from_secs(APART)).ok();
        let began = query::TimeRange { from, to: None };
        let query = SessionQuery { bastion: Some(bastion.clone()), began, limit: OPEN, ..SessionQuery::default() };
        query::sessions(self.sessions.as_ref(), self.catalogue.as_ref(), &query).await
    }
}

/// Returns `Ok` if the bastion confirmed the end of the session. Otherwise returns the bastion's answer, or the reason
/// the result is unknown.
fn outcome_of(answer: &Result<MaybeKnown<Vec<Disconnected>>, Fault>, id: &str) -> Result<(), String> {
    match answer {
        Err(fault) => Err(format!("it is unknown if the session was ended: {fault}")),
        Ok(MaybeKnown::NotReadable(why)) => Err(why.clone()),
        Ok(MaybeKnown::Read(ended)) => match ended.iter().find(|one| one.id == id) {
            Some(one) if one.is_done => Ok(()),
            Some(one) => Err(one.message.clone()),
            None => Err("the answer of the bastion lacks this session".to_owned()),
        },
    }
}

/// Pairs a live session with its only possible match, so no person is named on a guess. If some sessions were not read,
/// accepts only an equal id.
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
