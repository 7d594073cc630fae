//! Answers two questions about the sessions before that of a recording: is it the first use of the account on the
//! machine by the person, and did logins fail just before it?
//!
//! Both answers are functions of the stored sessions and the read range of the log, in any order, so they follow late
//! records. Assumptions about the outside, each tested with its opposite:
//! - Records arrive late and in any order. *No earlier session* needs a log that was read for [`KNOWN_FOR`] before the
//!   start and long enough after it.
//! - Records can lack the person, the account or the machine. An earlier session that may be the one in question makes
//!   the answer unknown.
//! - Two sessions can start at the same time. The order of their tunnel ids decides, so that one of them is the first.

use jiff::{SignedDuration, Timestamp};

use super::join::LogRead;
use crate::policy::join::Tolerances;
use crate::policy::matcher::ConditionResult;
use crate::policy::review::PriorSessionTimes;
use crate::record::catalogue::Entry;
use crate::record::join_key::JoinKey;
use crate::record::session::{BurstKey, IndexKey, Session, SessionFacts, SessionState, TimeSpan, TunnelId};

/// Time before a session for which the log must have been read for its first use to be certain.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Session of a recording, whose earlier sessions are in question.
#[derive(Debug, Clone, Copy)]
pub struct PriorSessions<'e> {
    session: &'e SessionFacts,
    started_at: Timestamp,
    times: PriorSessionTimes,
}

/// Sessions to read for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorSearch {
    /// Keys under which the sessions are indexed.
    pub keys: Vec<IndexKey>,
    /// Times of the sessions.
    pub within: TimeSpan,
}

/// Sessions that a search found.
#[derive(Debug, Clone, Copy)]
pub struct PriorFound<'r> {
    /// Sessions, in any order.
    pub sessions: &'r [Session],
    /// False if there are more than were read.
    pub is_whole: bool,
    /// Range of the bastion's log that has been read.
    pub log: Option<LogRead>,
}

impl<'e> PriorSessions<'e> {
    /// Returns the session of an entry. `None` if no session is certain, or if its start is unknown or is not confirmed
    /// by storage.
    pub fn from_entry(entry: &'e Entry, tolerances: Tolerances, times: PriorSessionTimes) -> Option<Self> {
        let session = &entry.match_state.verdict.matched()?.session;
        let started_at = entry.bounded_session(tolerances)?.start.trusted()?;
        Some(Self { session, started_at, times })
    }

    /// Returns the tunnel id of the session.
    pub fn tunnel(&self) -> &'e TunnelId {
        &self.session.tunnel_id
    }

    /// Returns the search for sessions with the names of this session, at any time. One search answers for all
    /// recordings of the account on the machine.
    pub fn uses(&self, names: &[JoinKey]) -> PriorSearch {
        // A session without a known start is found by its end.
        let keys = names.iter().flat_map(|name| [IndexKey::started(name), IndexKey::ended(name)]).collect();
        PriorSearch { keys, within: TimeSpan { first: Timestamp::MIN, last: Timestamp::MAX } }
    }

    /// Returns the search for failed logins to the machine, or from the address, just before the session.
    pub fn failures(&self) -> PriorSearch {
        let machine = self.session.machine().map(|machine| BurstKey::Target(machine.to_lowercase()));
        let client = self.session.client_ip.as_deref().map(|client| BurstKey::Client(client.to_owned()));
        let keys = machine.iter().chain(&client).map(IndexKey::burst).collect();
        PriorSearch { keys, within: TimeSpan { first: self.before(self.times.failed_within), last: self.started_at } }
    }

    /// Returns true if the person has no earlier session with the account on the machine, and the log was read for
    /// [`KNOWN_FOR`] before. `None` if that is unknown.
    pub fn is_first_use(&self, found: PriorFound<'_>) -> Option<bool> {
        let SessionFacts { user_email: Some(_), user_name: Some(_), .. } = self.session else {
            return None;
        };
        self.session.machine()?;
        let uses = found.sessions.iter().filter(|one| one.state != SessionState::Failed);
        let earlier = uses.map(|one| &one.facts).map(|one| {
            let SessionFacts { user_email, user_name, .. } = self.session;
            ConditionResult::all([
                self.follows(one),
                same(user_email.as_deref(), one.user_email.as_deref(), |text| text.trim().to_lowercase()),
                same(user_name.as_deref(), one.user_name.as_deref(), JoinKey::fold),
                self.is_on_machine(one),
            ])
        });
        self.answer(ConditionResult::any(earlier), found, KNOWN_FOR).map(|has_earlier| !has_earlier)
    }

    /// Returns true if a login failed just before the session, to the machine, with the account or from the address of
    /// the client. `None` if that is unknown.
    pub fn is_after_failed_logins(&self, found: PriorFound<'_>) -> Option<bool> {
        self.session.machine()?;
        let within = self.failures().within;
        let failures = found.sessions.iter().filter(|one| one.state == SessionState::Failed).map(|one| &one.facts);
        let just_before = failures.filter(|one| one.started_at.is_some_and(|at| within.holds(at)));
        let failed = just_before.map(|one| {
            let SessionFacts { user_name, client_ip, .. } = self.session;
            let by_the_same = [
                same(user_name.as_deref(), one.user_name.as_deref(), JoinKey::fold),
                same(client_ip.as_deref(), one.client_ip.as_deref(), str::to_owned),
            ];
            ConditionResult::all([self.is_on_machine(one), ConditionResult::any(by_the_same)])
        });
        self.answer(ConditionResult::any(failed), found, self.times.failed_within)
    }

    /// Returns whether there is such a session. Only a log that was read completely proves that there is none.
    fn answer(&self, any: ConditionResult, found: PriorFound<'_>, known_for: SignedDuration) -> Option<bool> {
        let is_logged = |log: LogRead| log.is_beyond(self.before(known_for), self.started_at, self.times.log_delay);
        match any {
            ConditionResult::True => Some(true),
            ConditionResult::Unknown => None,
            ConditionResult::False => (found.is_whole && found.log.is_some_and(is_logged)).then_some(false),
        }
    }

    fn before(&self, by: SignedDuration) -> Timestamp {
        self.started_at.saturating_sub(by).unwrap_or(Timestamp::MIN)
    }

    fn follows(&self, other: &SessionFacts) -> ConditionResult {
        match (other.started_at, other.ended_at) {
            (Some(start), _) => {
                let own = (self.started_at, &self.session.tunnel_id);
                ConditionResult::from_test(Some((start, &other.tunnel_id) < own))
            }
            (None, Some(end)) if end < self.started_at => ConditionResult::True,
            (None, _) => ConditionResult::Unknown,
        }
    }

    /// Compares the machines by resource id, or else by name or address as the log states them.
    fn is_on_machine(&self, other: &SessionFacts) -> ConditionResult {
        let ids = (self.session.target_resource_id.as_deref(), other.target_resource_id.as_deref());
        if let (Some(id), Some(other)) = ids {
            return ConditionResult::from_test(Some(id.eq_ignore_ascii_case(other)));
        }
        same(self.session.machine().as_deref(), other.machine().as_deref(), str::to_lowercase)
    }
}

/// Compares two texts in a comparable form. Unknown if either is.
fn same<T: PartialEq>(one: Option<&str>, other: Option<&str>, form: fn(&str) -> T) -> ConditionResult {
    ConditionResult::from_test(one.zip(other).map(|(one, other)| form(one) == form(other)))
}
