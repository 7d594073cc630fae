//! Stored state of a session.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::assemble::{Session, SessionState};
use super::burst::BurstKey;
use super::gap::{Gap, GapCause};
use super::records::Records;
use super::review::longest_sleep;
use super::tunnel::SessionId;
use crate::catalogue::{EffectId, EffectResult, Pending, Rules};
use crate::join::{JoinKey, RecordingCoverage, SessionEvidence};
use crate::notification::Event;
use crate::past::due_at;

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
    /// Events that have been notified.
    pub announced: BTreeSet<Event>,
    /// Kinds of bursts that have been notified for this failed login.
    pub bursts_told: BTreeSet<String>,
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
            announced: BTreeSet::new(),
            bursts_told: BTreeSet::new(),
            pending: Vec::new(),
            wake_at: None,
            revision: 0,
        }
    }

    /// Computes the session from the records.
    pub fn session(&self) -> Session {
        Session::of(&self.id.tunnel, &self.records)
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

    /// Returns the properties that matter for matching.
    pub fn attended(&self) -> SessionEvidence {
        self.attended_as(self.session())
    }

    /// Like [`attended`](Self::attended), for an already computed [session](Self::session).
    pub fn attended_as(&self, session: Session) -> SessionEvidence {
        let failed_at = self.records.failed.map(|failed| failed.first);
        let ended_at = if session.state == SessionState::Failed {
            failed_at
        } else {
            session.usable_end()
        };
        let is_native = session.is_native;
        SessionEvidence { ended_at, keys: self.keys.as_slice().into(), facts: session.facts, is_native }
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
            return names.chain(BurstKey::of(session).iter().map(IndexKey::burst)).map(|key| (key, at)).collect();
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

    /// True if a review is due: its time has come, or lies further ahead than any valid one.
    pub fn is_awake(&self, now: Timestamp, rules: &Rules) -> bool {
        self.wake_at.is_some_and(|at| due_at(at, longest_sleep(rules), now) <= now)
    }

    /// Corrects values written with a wrong clock: waits longer than the maximum. Lists every field, so a new field
    /// requires a decision.
    pub(super) fn set_right(&mut self, now: Timestamp, rules: &Rules) {
        let Self { id: _, records: _, keys: _, gap: _, announced: _, bursts_told: _, pending, wake_at, revision: _ } =
            self;
        pending.iter_mut().for_each(|pending| pending.set_right(now));
        *wake_at = wake_at.map(|at| due_at(at, longest_sleep(rules), now));
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

    /// True if `standing` equals the stored result.
    pub fn finds_the_same(&self, standing: &RecordingCoverage) -> bool {
        let cause = self.gap.as_ref().filter(|_| self.has_gap()).map(|gap| &gap.cause);
        match (standing, cause) {
            (RecordingCoverage::Recorded, cause) => cause.is_none(),
            (RecordingCoverage::Unrecorded, cause) => cause.is_some_and(|cause| !matches!(cause, GapCause::OneOf(_))),
            (RecordingCoverage::OneOf(tunnels), Some(GapCause::OneOf(others))) => tunnels == others,
            (RecordingCoverage::OneOf(_), _) => false,
        }
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
