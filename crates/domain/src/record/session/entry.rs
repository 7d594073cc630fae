//! Stored state of a session.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::assemble::{Session, SessionState};
use super::burst::BurstKey;
use super::gap::Gap;
use super::records::Records;
use super::tunnel::SessionId;
use crate::record::effect::{EffectId, EffectResult, Pending};
use crate::record::join_key::JoinKey;
use crate::record::notification::Event;

/// One connection with its pending effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// Id of the session.
    pub id: SessionId,
    /// Merged audit records.
    pub records: Records,
    /// Keys of possible recording names.
    pub keys: Vec<JoinKey>,
    /// Missing recording, if any.
    pub gap: Option<Gap>,
    /// True if the last review could not determine whether the session has a recording.
    pub is_unclear: bool,
    /// Events that have been notified.
    pub announced: BTreeSet<Event>,
    /// Kinds of bursts that have been notified for this failed login.
    pub notified_bursts: BTreeSet<String>,
    /// Effects still to be carried out.
    pub pending: Vec<Pending>,
    /// Time of the next review, if time alone may change the session.
    pub wake_at: Option<Timestamp>,
    /// Number of saved changes.
    pub revision: u64,
}

impl SessionEntry {
    /// Creates an entry without records.
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            records: Records::default(),
            keys: Vec::new(),
            gap: None,
            is_unclear: false,
            announced: BTreeSet::new(),
            notified_bursts: BTreeSet::new(),
            pending: Vec::new(),
            wake_at: None,
            revision: 0,
        }
    }

    /// Computes the session from the records.
    pub fn session(&self) -> Session {
        Session::assemble(&self.id.tunnel, &self.records)
    }

    /// Returns the sort time of lists: the start, or else the earliest known time.
    pub fn at(&self) -> Timestamp {
        self.at_as(&self.session())
    }

    /// Like [`at`](Self::at), for an already computed [session](Self::session).
    pub fn at_as(&self, session: &Session) -> Timestamp {
        let facts = &session.facts;
        let written = || self.records.written.map(|written| written.first);
        facts.started_at.or_else(written).or(facts.ended_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Returns the index keys with their times: names for a session; names and burst keys for a failed login.
    pub fn index(&self) -> Vec<(IndexKey, Timestamp)> {
        self.index_as(&self.session())
    }

    /// Like [`index`](Self::index), for an already computed [session](Self::session).
    pub fn index_as(&self, session: &Session) -> Vec<(IndexKey, Timestamp)> {
        if session.state == SessionState::Failed {
            let at = self.records.failed.map_or_else(|| self.at_as(session), |failed| failed.first);
            let names = self.keys.iter().map(IndexKey::failed);
            return names
                .chain(BurstKey::for_session(session).iter().map(IndexKey::burst))
                .map(|key| (key, at))
                .collect();
        }
        let (started, ended) = (session.facts.started_at, session.usable_end().or(session.facts.ended_at));
        let started = self.keys.iter().filter_map(|key| Some((IndexKey::started(key), started?)));
        let ended = self.keys.iter().filter_map(|key| Some((IndexKey::ended(key), ended?)));
        started.chain(ended).collect()
    }

    /// Returns the next time at which a sweep must process the entry. `None` if nothing is left to do.
    pub fn due_at(&self) -> Option<Timestamp> {
        let effects = self.pending.iter().map(|pending| pending.retry_at).min();
        [effects, self.wake_at].into_iter().flatten().min()
    }

    /// Schedules a review now because something nearby has changed. Returns `false` if a review is useless: the session
    /// has not ended, or a review is scheduled and there is no gap.
    ///
    /// Also changes an entry that is already due: a concurrent review may have read too early, so its save must fail.
    pub fn look_now(&mut self, now: Timestamp) -> bool {
        let is_looked_at_later = self.wake_at.is_some_and(|at| at > now) && !self.has_gap();
        let is_of_use = self.session().state == SessionState::Ended && !is_looked_at_later;
        if is_of_use {
            self.wake_at = Some(self.wake_at.map_or(now, |at| at.min(now)));
            self.revision += 1;
        }
        is_of_use
    }

    /// True if the session is known to lack a recording.
    pub fn has_gap(&self) -> bool {
        self.gap.as_ref().is_some_and(|gap| gap.closed_at.is_none())
    }

    /// Records the result of trying an effect at `now`.
    pub fn complete(&mut self, id: &EffectId, result: &EffectResult, now: Timestamp) {
        let retry_after = match result {
            EffectResult::Done(_) | EffectResult::RefusedForGood(_) => {
                self.pending.retain(|pending| pending.effect.id() != *id);
                None
            }
            EffectResult::Failed { retry_after } => *retry_after,
            EffectResult::Refused(_) => None,
        };
        for pending in self.pending.iter_mut().filter(|pending| pending.effect.id() == *id) {
            *pending = pending.clone().tried(now, retry_after);
        }
        self.revision += 1;
    }
}

/// Key under which stores find sessions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey(String);

impl IndexKey {
    /// Key of sessions with this name, by start time.
    pub fn started(key: &JoinKey) -> Self {
        Self(format!("started {key}"))
    }

    /// Key of sessions with this name, by end time.
    pub fn ended(key: &JoinKey) -> Self {
        Self(format!("ended {key}"))
    }

    /// Key of failed logins with this name, by time.
    pub fn failed(key: &JoinKey) -> Self {
        Self(format!("failed {key}"))
    }

    /// Key of failed logins counted together, by time.
    pub fn burst(key: &BurstKey) -> Self {
        Self(format!("burst {} {}", key.kind(), key.value()))
    }

    /// Returns the key as text; keys of different kinds have different texts.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
