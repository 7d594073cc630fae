//! Truth of an archive, independent of the archivist and simple enough to verify by reading.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::retention::Then;
use jiff::{SignedDuration, Timestamp};

use crate::retention::evidence::TrueEvidence;
use crate::retention::policy::{Said, Which};

/// Truth of an archive.
#[derive(Debug)]
pub struct Truth {
    pub said: Said,
    pub recordings: BTreeMap<String, Recording>,
    /// Scope of each hold by case; a hold counts from the moment at which placing it succeeded.
    pub holds: BTreeMap<String, Held>,
    /// Violations.
    pub broken: Vec<String>,
    pub deleted: usize,
    /// Recordings due and held.
    pub saved: BTreeSet<String>,
    /// Number of deletions without approval in the present runs.
    pub in_these_runs: u32,
    /// Number of concurrent runs.
    pub runs: u32,
    pub evidence: TrueEvidence,
}

/// Scope of a hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Name(String),
    Person(&'static str),
    /// Recordings written at this time or later.
    Since(Timestamp),
}

/// A recording and its promised retention.
#[derive(Debug, Clone)]
pub struct Recording {
    pub created_at: Timestamp,
    pub written_at: Timestamp,
    pub person: Option<&'static str>,
    pub etag: String,
    pub is_there: bool,
    /// Longest promise of any policy under which a run completed since the recording is final.
    pub promised: Option<Promise>,
    /// Longest promise of any policy, even if no run completed under it.
    pub perhaps: Option<Promise>,
    /// Time since which this content carries a warning, and its ETag.
    pub warned_at: Option<(Timestamp, String)>,
    pub approved_until: Option<Timestamp>,
}

/// Retention of a recording, in days since its creation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    pub retain: u32,
    /// `None` for ever.
    pub delete: Option<u32>,
    pub then: Then,
}

impl Truth {
    pub fn new(said: Said) -> Self {
        Self {
            said,
            recordings: BTreeMap::new(),
            holds: BTreeMap::new(),
            broken: Vec::new(),
            deleted: 0,
            saved: BTreeSet::new(),
            in_these_runs: 0,
            runs: 1,
            evidence: TrueEvidence::default(),
        }
    }

    /// Promise of the present policy by the rules that certainly apply, and true if no rule has an unknown answer.
    pub fn today(&self, name: &str, recording: &Recording) -> (Promise, bool) {
        let (mut classes, mut is_certain) = (Vec::new(), true);
        for (which, class) in &self.said.rules {
            match which.means(name, recording.person) {
                Some(true) => classes.push(self.said.classes[*class]),
                Some(false) => {}
                None => is_certain = false,
            }
        }
        if classes.is_empty() {
            classes.push(self.said.classes[0]);
        }
        let retain = classes.iter().map(|class| class.0).max().unwrap_or_default();
        let then = classes.iter().map(|class| class.2).max().unwrap_or(Then::Keep);
        let delete = classes.iter().filter(|class| class.2 != Then::Keep).map(|class| class.1).min();
        let delete = delete.filter(|_| then != Then::Keep).map(|days| days.max(retain));
        (Promise { retain, delete, then }, is_certain)
    }

    /// Records the promise of the present policy, as certain if a run completed. A promise is never withdrawn.
    pub fn promise(&mut self, name: &str, is_certain: bool) {
        let Some(recording) = self.recordings.get(name) else { return };
        let (today, _) = self.today(name, recording);
        let with_today = |was: Option<Promise>| Some(was.map_or(today, |was| was.with(today)));
        let (promised, perhaps) = (with_today(recording.promised), with_today(recording.perhaps));
        if let Some(recording) = self.recordings.get_mut(name) {
            recording.perhaps = perhaps;
            recording.promised = if is_certain { promised } else { recording.promised };
        }
    }

    /// Records the visible state of a recording after a run.
    pub fn observe(&mut self, entry: &Entry, now: Timestamp, is_whole: bool) {
        let name = entry.address.name.as_str();
        if entry.final_at.is_some() && entry.state.is_there() {
            self.promise(name, is_whole);
        }
        if self.is_held(name) && self.is_over(name, now) && self.recordings[name].is_there {
            self.saved.insert(name.to_owned());
        }
        // If a complete run left the recording alone, it must be warned again.
        let is_stopped = is_whole && !self.said.enforce;
        let Some(recording) = self.recordings.get_mut(name) else { return };
        let is_warned = recording.warned_at.as_ref().is_some_and(|(_, warned)| *warned == recording.etag);
        if entry.state != RecordingState::Expiring || is_stopped {
            recording.warned_at = None;
        } else if !is_warned {
            recording.warned_at = Some((now, recording.etag.clone()));
        }
    }

    pub fn is_held(&self, name: &str) -> bool {
        let recording = &self.recordings[name];
        self.holds.values().any(|held| match held {
            Held::Name(held) => held == name,
            Held::Since(from) => recording.written_at >= *from,
            // Its person is unknown, so it may be this one.
            Held::Person(person) => recording.person.is_none_or(|known| known == *person),
        })
    }

    /// True if the last day of a recording is over, by all promises and the present policy.
    pub fn is_over(&self, name: &str, now: Timestamp) -> bool {
        let recording = &self.recordings[name];
        self.is_past(name, recording.promised, now)
    }

    /// True if a recording must be deleted: every possible promise is over, and no hold covers it.
    pub fn must_go(&self, name: &str, now: Timestamp) -> bool {
        let recording = &self.recordings[name];
        recording.is_there && !self.is_held(name) && self.is_past(name, recording.perhaps, now)
    }

    fn is_past(&self, name: &str, promised: Option<Promise>, now: Timestamp) -> bool {
        let recording = &self.recordings[name];
        let (today, is_certain) = self.today(name, recording);
        let days = promised.map_or(today, |promised| promised.with(today)).delete;
        is_certain && days.is_some_and(|days| is_past(recording, days, now))
    }

    /// Checks a deletion at the very moment of it; every deleter calls this.
    pub fn deleted(&mut self, name: &str, etag: &str, now: Timestamp) {
        let recording = self.recordings[name].clone();
        let mut broken = |what: &str| self.broken.push(format!("{name} at {now}: {what}"));
        if recording.etag != etag {
            broken("another content was deleted");
        }
        if !self.said.enforce {
            broken("the policy is not enforced");
        }
        let warned = recording.warned_at.as_ref().filter(|(_, warned)| warned == etag);
        let grace = SignedDuration::from_hours(24 * i64::from(self.said.grace));
        if warned.is_none_or(|(at, _)| now.duration_since(*at) < grace) {
            broken("the warning was too short");
        }
        let is_approved = recording.approved_until.is_some_and(|until| now < until);
        if recording.promised.is_some_and(|promised| promised.then == Then::Review) && !is_approved {
            broken("no person reviewed it");
        }
        if !is_approved {
            self.in_these_runs += 1;
            if self.in_these_runs > self.said.max_deletes * self.runs {
                self.broken.push(format!("{name} at {now}: one too many in a run"));
            }
        }
        if self.is_held(name) {
            self.broken.push(format!("{name} at {now}: it was held"));
        }
        if !self.today(name, &recording).1 {
            self.broken.push(format!("{name} at {now}: its last day is unknown"));
        } else if !self.is_over(name, now) {
            self.broken.push(format!("{name} at {now}: deleted too early: {recording:?}"));
        }
        self.deleted += 1;
        if let Some(recording) = self.recordings.get_mut(name) {
            recording.is_there = false;
        }
    }
}

impl Promise {
    /// The more careful of two promises in every part.
    fn with(self, other: Self) -> Self {
        Self {
            retain: self.retain.max(other.retain),
            delete: self.delete.zip(other.delete).map(|(one, other)| one.max(other)),
            then: self.then.max(other.then),
        }
    }
}

impl Which {
    /// True if the rule covers the recording. `None` if that is unknown.
    fn means(self, name: &str, person: Option<&str>) -> Option<bool> {
        match self {
            Self::Named(letter) => Some(name.starts_with(letter)),
            Self::Of(whom) => person.map(|known| known == whom),
            Self::NotOf(whom) => person.map(|known| known != whom),
        }
    }
}

/// True if the day this many days after its creation is over.
fn is_past(recording: &Recording, days: u32, now: Timestamp) -> bool {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    day(now) > day(recording.created_at) + i64::from(days)
}
