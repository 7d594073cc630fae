//! Truth about every recording, independent of the archivist and simple enough to verify by reading.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::hostile::holds::HostileHold;
use crate::hostile::policy::{HostilePolicy, PolicyChoice};
use crate::hostile::visit::{ToldVisit, VisitSession, VisitedMachine, WrittenVisit};

/// Truth of an archive.
#[derive(Debug)]
pub struct HostileTruth {
    pub said: HostilePolicy,
    pub recordings: BTreeMap<String, TrueRecording>,
    /// Scope of each hold by case; a hold counts from the moment at which placing it succeeded.
    pub holds: BTreeMap<String, HostileHold>,
    /// Violations.
    pub broken: Vec<String>,
    pub deleted: usize,
    /// Number of observations of an expired recording that a hold kept.
    pub saved: usize,
}

/// A recording and its session.
#[derive(Debug, Clone)]
pub struct TrueRecording {
    pub session: VisitSession,
    pub created_at: Timestamp,
    pub written_at: Timestamp,
    pub etag: String,
    pub is_there: bool,
    /// True if another session of its name was near, so its session cannot be determined.
    pub is_crowded: bool,
    /// A writer set the hold tag by hand, and nothing has overwritten it.
    pub is_held_by_hand: bool,
    /// True if the hold tag was ever set by hand.
    pub was_held_by_hand: bool,
}

/// Longest time a counted end may lie before the last write.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(3);

impl HostileTruth {
    pub fn new(said: HostilePolicy) -> Self {
        let (recordings, holds) = (BTreeMap::new(), BTreeMap::new());
        Self { said, recordings, holds, broken: Vec::new(), deleted: 0, saved: 0 }
    }

    /// Days after which the recording may be deleted if it belongs to `session` with this briefness. `None` if it is
    /// kept for ever.
    fn days_as(&self, session: &VisitSession, is_brief: bool) -> Option<u32> {
        let means = |which: PolicyChoice| match which {
            PolicyChoice::Machine(letter) => session.visit.letter == letter,
            PolicyChoice::Of(person) => session.visit.person == person,
            PolicyChoice::Brief => is_brief,
        };
        let by_rules = self.said.rules.iter().filter(|(which, _)| means(*which)).map(|(_, class)| *class);
        let mut classes: Vec<(u32, u32, bool)> = by_rules.map(|class| self.said.classes[class]).collect();
        if classes.is_empty() {
            classes.push(self.said.classes[0]);
        }
        let retain = classes.iter().map(|class| class.0).max()?;
        let delete = classes.iter().map(|class| class.1).min()?;
        (!classes.iter().any(|class| class.2)).then_some(delete.max(retain))
    }

    /// Days after which the recording may be deleted. `None` if it is kept for ever.
    fn days(&self, recording: &TrueRecording) -> Option<u32> {
        let own = std::iter::once(&recording.session);
        let all = own.chain(self.impostors(recording));
        all.filter_map(|session| {
            let (true_days, told_days) =
                (self.days_as(session, session.visit.lasts < 15), self.days_as(session, session.visit.lasts >= 15));
            // For a recording written at once, storage does not know the length of its session.
            if session.forged().is_some() && session.is_written_at_once() {
                true_days.into_iter().chain(told_days).min()
            } else {
                true_days
            }
        })
        .min()
    }

    /// Sessions a forged log places at the time of this recording. A writer of the log can claim a recording for any
    /// session.
    fn impostors<'a>(&'a self, recording: &'a TrueRecording) -> impl Iterator<Item = &'a VisitSession> {
        let is_near =
            |one: Timestamp, other: Timestamp| one.duration_since(other).abs() <= SignedDuration::from_mins(10);
        let others = self.recordings.values().map(|other| &other.session);
        others.filter(move |other| {
            let claims = other.forged().filter(|_| other.tunnel != recording.session.tunnel);
            claims.is_some_and(|(start, end)| {
                other.visit.letter == recording.session.visit.letter
                    && (is_near(start, recording.created_at) || is_near(end, recording.written_at))
            })
        })
    }

    /// True after its last day.
    pub fn is_over(&self, recording: &TrueRecording, now: Timestamp) -> bool {
        let begun = if self.said.from_creation {
            recording.created_at
        } else {
            recording.created_at.max(recording.written_at - TOLERANCE)
        };
        self.days(recording).is_some_and(|days| day(now) > day(begun) + i64::from(days))
    }

    pub fn is_held(&self, name: &str) -> bool {
        let recording = &self.recordings[name];
        let has_impostor = self.impostors(recording).next().is_some();
        let mut holds = self.holds.values().filter(|held| !has_impostor || !held.asks_session());
        recording.is_held_by_hand || holds.any(|held| held.covers(name, recording))
    }

    /// Checks a deletion at the very moment of it; every deleter calls this.
    pub fn deleted(&mut self, name: &str, etag: &str, now: Timestamp) {
        let recording = self.recordings[name].clone();
        let mut broken = |what: &str| self.broken.push(format!("{name} at {now}: {what}: {recording:?}"));
        if recording.etag != etag {
            broken("another content was deleted");
        }
        if !self.is_over(&recording, now) {
            self.broken.push(format!("{name} at {now}: deleted too early: {recording:?}"));
        }
        if self.is_held(name) {
            self.broken.push(format!("{name} at {now}: it was held by {:?}: {recording:?}", self.holds));
        }
        self.deleted += 1;
        if let Some(recording) = self.recordings.get_mut(name) {
            recording.is_there = false;
        }
    }

    /// Counts expired recordings that only a hold keeps.
    pub fn observe(&mut self, now: Timestamp) {
        let saved =
            self.recordings.iter().filter(|(name, one)| one.is_there && self.is_over(one, now) && self.is_held(name));
        self.saved += saved.count();
    }

    /// Recordings that must be deleted after enough time without holds: no rule depends on a fact the archivist
    /// cannot know or does not know.
    pub fn must_go(&self, is_named: impl Fn(&str) -> bool) -> impl Iterator<Item = (&String, &TrueRecording)> {
        self.recordings.iter().filter(move |(name, one)| {
            let asks_session = self.said.rules.iter().any(|(which, _)| !matches!(which, PolicyChoice::Machine(_)));
            let is_plain = one.is_plain() && self.impostors(one).next().is_none() && is_named(name);
            one.is_there && self.days(one).is_some() && (!asks_session || is_plain)
        })
    }
}

impl TrueRecording {
    /// True if the archivist can know all about its session.
    fn is_plain(&self) -> bool {
        let visit = &self.session.visit;
        !self.is_crowded
            && (visit.written, visit.told, visit.machine)
                == (WrittenVisit::Live, ToldVisit::Truth, VisitedMachine::Named)
    }
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}
