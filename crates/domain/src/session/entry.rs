//! What is kept of a session.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::assemble::{Session, SessionState};
use super::burst::BurstKey;
use super::gap::{Cause, Gap};
use super::records::Records;
use super::review::longest_sleep;
use super::tunnel::SessionId;
use crate::catalogue::{EffectId, EffectResult, Pending, Rules};
use crate::join::{Attended, JoinKey, Standing};
use crate::notification::Event;
use crate::past::due_at;

/// One connection, with what is still to be carried out because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// Which.
    pub id: SessionId,
    /// What its records say.
    pub records: Records,
    /// How its recording may have been named.
    pub keys: Vec<JoinKey>,
    /// That it has no recording.
    pub gap: Option<Gap>,
    /// What people have been told of it.
    pub announced: BTreeSet<Event>,
    /// The kinds of bursts that were told when this login failed.
    pub bursts_told: BTreeSet<String>,
    /// What is still to be carried out.
    pub pending: Vec<Pending>,
    /// When time alone may change it.
    pub wake_at: Option<Timestamp>,
    /// How often it has been saved.
    pub revision: u64,
}

impl SessionEntry {
    /// A connection of which nothing is known.
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

    /// The session that the records tell of.
    pub fn session(&self) -> Session {
        Session::of(&self.id.tunnel, &self.records)
    }

    /// When it began, or else the first that is known of it; lists are in the order of this time.
    pub fn at(&self) -> Timestamp {
        self.at_as(&self.session())
    }

    /// The same, of the [session](Self::session) that the records tell of.
    pub fn at_as(&self, session: &Session) -> Timestamp {
        let facts = &session.facts;
        let written = || self.records.written.map(|written| written.first);
        facts.started_at.or_else(written).or(facts.ended_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// What counts of it when it is compared with recordings.
    pub fn attended(&self) -> Attended {
        self.attended_as(self.session())
    }

    /// The same, of the [session](Self::session) that the records tell of.
    pub fn attended_as(&self, session: Session) -> Attended {
        let failed_at = self.records.failed.map(|failed| failed.first);
        let ended_at = if session.state == SessionState::Failed {
            failed_at
        } else {
            session.usable_end()
        };
        let is_native = session.is_native;
        Attended { ended_at, keys: self.keys.as_slice().into(), facts: session.facts, is_native }
    }

    /// Under what it is found, and at which time: as a session by its names, as a failed login also by whose it was.
    pub fn index(&self) -> Vec<(IndexKey, Timestamp)> {
        self.index_as(&self.session())
    }

    /// The same, of the [session](Self::session) that the records tell of.
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

    /// When a sweep must look at it next. `None` when nothing is left to do.
    pub fn due_at(&self) -> Option<Timestamp> {
        let effects = self.pending.iter().map(|pending| pending.retry_at).min();
        [effects, self.wake_at].into_iter().flatten().min()
    }

    /// True if it is to be looked at now: its time has come, or lies further ahead than any does.
    pub fn is_awake(&self, now: Timestamp, rules: &Rules) -> bool {
        self.wake_at.is_some_and(|at| due_at(at, longest_sleep(rules), now) <= now)
    }

    /// Drops what a wrong clock has written: a wait longer than any there is, and a gap found ahead of `now`. Names every
    /// field, so that a new one is decided on.
    pub(super) fn set_right(&mut self, now: Timestamp, rules: &Rules) {
        let Self { id: _, records: _, keys: _, gap: _, announced: _, bursts_told: _, pending, wake_at, revision: _ } =
            self;
        pending.iter_mut().for_each(|pending| pending.set_right(now));
        *wake_at = wake_at.map(|at| due_at(at, longest_sleep(rules), now));
    }

    /// Has it looked at once more, because something near has changed. `false` where that is of no use.
    ///
    /// One that is due changes too: whoever is looking right now may have looked too early, and must not save.
    pub fn look_now(&mut self, now: Timestamp) -> bool {
        let is_looked_at_later = self.wake_at.is_some_and(|at| at > now) && !self.has_gap();
        let is_of_use = self.session().state == SessionState::Ended && !is_looked_at_later;
        if is_of_use {
            self.wake_at = Some(self.wake_at.map_or(now, |at| at.min(now)));
            self.revision += 1;
        }
        is_of_use
    }

    /// Whether this is what was found of its recording.
    pub fn finds_the_same(&self, standing: &Standing) -> bool {
        let cause = self.gap.as_ref().filter(|_| self.has_gap()).map(|gap| &gap.cause);
        match (standing, cause) {
            (Standing::Recorded, cause) => cause.is_none(),
            (Standing::Unrecorded, cause) => cause.is_some_and(|cause| !matches!(cause, Cause::OneOf(_))),
            (Standing::OneOf(tunnels), Some(Cause::OneOf(others))) => tunnels == others,
            (Standing::OneOf(_), _) => false,
        }
    }

    /// Whether it is known to have no recording.
    pub fn has_gap(&self) -> bool {
        self.gap.as_ref().is_some_and(|gap| gap.closed_at.is_none())
    }

    /// Takes in what came of trying an effect at `now`.
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

/// Under what sessions are found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey(String);

impl IndexKey {
    /// Sessions with this name, by the time of their start.
    pub fn started(key: &JoinKey) -> Self {
        Self(format!("started {key}"))
    }

    /// Sessions with this name of which no start is known, by the time of their end.
    pub fn ended(key: &JoinKey) -> Self {
        Self(format!("ended {key}"))
    }

    /// Failed logins with this name, by their time.
    pub fn failed(key: &JoinKey) -> Self {
        Self(format!("failed {key}"))
    }

    /// Failed logins that are counted together, by their time.
    pub fn burst(key: &BurstKey) -> Self {
        Self(format!("burst {} {}", key.kind(), key.value()))
    }

    /// The key as text; texts of different kinds differ.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
