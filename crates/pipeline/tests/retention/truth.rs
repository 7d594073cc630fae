//! What everybody may rely on, kept apart from the archivist and simple enough to be read.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalogue::{Entry, State};
use domain::retention::Then;
use jiff::{SignedDuration, Timestamp};

use crate::policy::{Said, Which};

/// The truth of an archive.
#[derive(Debug)]
pub struct Truth {
    pub said: Said,
    pub recordings: BTreeMap<String, Recording>,
    /// The names that each hold covers, by its case; a hold counts from when whoever placed it was told.
    pub holds: BTreeMap<String, Held>,
    /// What nobody may ever see.
    pub broken: Vec<String>,
    pub deleted: usize,
    /// Recordings that were due and held.
    pub saved: BTreeSet<String>,
    /// How many went without leave in the runs that are under way.
    pub in_these_runs: u32,
    /// How many runs are under way.
    pub runs: u32,
}

/// What a hold covers.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Name(String),
    Person(&'static str),
    /// Everything that was written at this time or later.
    Since(Timestamp),
}

/// A recording and what was promised of it.
#[derive(Debug, Clone)]
pub struct Recording {
    pub created_at: Timestamp,
    pub written_at: Timestamp,
    pub person: Option<&'static str>,
    pub etag: String,
    pub is_there: bool,
    /// The longest that any policy has promised of which a whole run was made since it was final.
    pub promised: Option<Promise>,
    /// The longest that any policy may have promised, whether or not a run came to its end under it.
    pub perhaps: Option<Promise>,
    /// Since when people are warned of the deletion of this very content.
    pub warned_at: Option<(Timestamp, String)>,
    pub approved_until: Option<Timestamp>,
}

/// How long a recording stays, in days since its creation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    pub retain: u32,
    /// None for ever.
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
        }
    }

    /// What the policy says of a recording today by the rules that are certain to mean it, and whether none is left of
    /// which nobody knows.
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

    /// Takes note of what the policy in force promises of this recording, for certain where a run came to its end; nothing
    /// that was promised is taken back.
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

    /// Takes note of what everybody can see of a recording after a run.
    pub fn observe(&mut self, entry: &Entry, now: Timestamp, is_whole: bool) {
        let name = entry.address.name.as_str();
        if entry.final_at.is_some() && entry.state.is_there() {
            self.promise(name, is_whole);
        }
        if self.is_held(name) && self.is_over(name, now) && self.recordings[name].is_there {
            self.saved.insert(name.to_owned());
        }
        // What a whole run has left in peace is warned of anew.
        let is_stopped = is_whole && !self.said.enforce;
        let Some(recording) = self.recordings.get_mut(name) else { return };
        let is_warned = recording.warned_at.as_ref().is_some_and(|(_, warned)| *warned == recording.etag);
        if entry.state != State::Expiring || is_stopped {
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
            // Whose it is nobody knows, so it may be theirs.
            Held::Person(person) => recording.person.is_none_or(|known| known == *person),
        })
    }

    /// Whether the last day of a recording is over, by everything that was promised and by today's policy.
    pub fn is_over(&self, name: &str, now: Timestamp) -> bool {
        let recording = &self.recordings[name];
        self.is_past(name, recording.promised, now)
    }

    /// Whether a recording must go: whatever may have been promised is over, and nobody holds it.
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

    /// Whoever deletes a blob says so here at that very moment.
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
            broken("people were not warned long enough");
        }
        let is_approved = recording.approved_until.is_some_and(|until| now < until);
        if recording.promised.is_some_and(|promised| promised.then == Then::Review) && !is_approved {
            broken("nobody reviewed it");
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
            self.broken.push(format!("{name} at {now}: nobody knows how long it stays"));
        } else if !self.is_over(name, now) {
            self.broken.push(format!("{name} at {now}: it was to stay longer: {recording:?}"));
        }
        self.deleted += 1;
        if let Some(recording) = self.recordings.get_mut(name) {
            recording.is_there = false;
        }
    }
}

impl Promise {
    /// The more careful of two in everything.
    fn with(self, other: Self) -> Self {
        Self {
            retain: self.retain.max(other.retain),
            delete: self.delete.zip(other.delete).map(|(one, other)| one.max(other)),
            then: self.then.max(other.then),
        }
    }
}

impl Which {
    /// Whether a recording is meant. `None` where nobody knows.
    fn means(self, name: &str, person: Option<&str>) -> Option<bool> {
        match self {
            Self::Named(letter) => Some(name.starts_with(letter)),
            Self::Of(whom) => person.map(|known| known == whom),
            Self::NotOf(whom) => person.map(|known| known != whom),
        }
    }
}

/// Whether the day so many days after its creation is over.
fn is_past(recording: &Recording, days: u32, now: Timestamp) -> bool {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    day(now) > day(recording.created_at) + i64::from(days)
}
