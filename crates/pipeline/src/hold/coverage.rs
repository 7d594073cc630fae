//! What a hold covers now, before anybody places it: a typing error covers nothing.

use std::collections::{BTreeSet, HashMap};

use domain::catalogue::{Entry, State};
use domain::estate::BastionName;
use domain::hold::Scope;
use domain::join::Match;
use domain::matcher::Truth;
use domain::recording_id::RecordingId;
use domain::session::{SessionEntry, SessionFacts, SessionId};
use jiff::SignedDuration;

use crate::archivist::Archivist;
use crate::ports::{Fault, Heading, ListRequest, SessionListRequest, SessionPlace};
use crate::query::place_before;

/// How many recordings, and how many sessions, one read asks for.
const PAGE: usize = 1_000;
/// How many of each are looked at, from the newest on. What lies beyond is not counted, and not called none.
const LOOKED_AT: usize = 100_000;
/// How many are named.
const NAMED: usize = 10;
/// How many names that are nearly the one of the scope are told.
const ALIKE: usize = 3;
/// How long before a range a session may have begun that went on within it.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a scope covers now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The recordings that are not deleted.
    pub recordings: Count<RecordingId>,
    /// The sessions, failed logins among them, but for those whose recording is known to be outside. None of a scope that
    /// names a recording.
    pub sessions: Count<SessionId>,
    /// Names that are nearly the person, machine or bastion of the scope, the nearest first; none if something is covered.
    pub alike: Vec<String>,
}

/// How many things a scope covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count<T> {
    /// How many it means for certain.
    pub certain: u64,
    /// How many more nobody can rule out.
    pub possible: u64,
    /// The first of those that are certain, or else of the others, newest first.
    pub first: Vec<T>,
    /// Whether all were looked at; else there may be more.
    pub is_whole: bool,
}

impl Coverage {
    /// Whether nothing that was looked at is meant for certain.
    pub fn is_nothing_known(&self) -> bool {
        self.recordings.certain == 0 && self.sessions.certain == 0
    }
}

impl<T> Default for Count<T> {
    fn default() -> Self {
        Self { certain: 0, possible: 0, first: Vec::new(), is_whole: true }
    }
}

impl<T> Count<T> {
    fn add(&mut self, one: T, covers: Truth) {
        if covers == Truth::True && self.certain == 0 {
            self.first.clear();
        }
        match covers {
            Truth::True => self.certain += 1,
            Truth::Unknown => self.possible += 1,
            Truth::False => return,
        }
        if self.first.len() < NAMED && (covers == Truth::True || self.certain == 0) {
            self.first.push(one);
        }
    }
}

impl Archivist {
    /// Counts what a scope covers now. It looks at no more than the newest hundred thousand recordings and sessions, those
    /// of one bastion if the scope names it.
    pub async fn coverage(&self, scope: &Scope) -> Result<Coverage, Fault> {
        let mut alike = Alike::of(scope);
        let bastion = scope.bastion.as_deref().map(|name| self.configured(name));
        for known in &self.settings.estate.bastions {
            alike.bastion(known.name.as_str());
        }
        let mut recorded = Recorded::default();
        let recordings = match scope.recording {
            Some(id) => self.count_one(scope, id).await?,
            None => self.count_recordings(scope, bastion.as_ref(), &mut recorded, &mut alike).await?,
        };
        let sessions = match scope.recording {
            Some(_) => Count::default(),
            None => self.count_sessions(scope, bastion, &recorded, &mut alike).await?,
        };
        let coverage = Coverage { recordings, sessions, alike: Vec::new() };
        let alike = if coverage.is_nothing_known() { alike.nearest() } else { Vec::new() };
        Ok(Coverage { alike, ..coverage })
    }

    /// The bastion as it is configured; its case does not count.
    fn configured(&self, name: &str) -> BastionName {
        let is_it = |known: &&domain::estate::Bastion| known.name.as_str().eq_ignore_ascii_case(name.trim());
        let known = self.settings.estate.bastions.iter().find(is_it);
        known.map_or_else(|| BastionName::new(name.trim()), |known| known.name.clone())
    }

    async fn count_one(&self, scope: &Scope, id: RecordingId) -> Result<Count<RecordingId>, Fault> {
        let mut count = Count::default();
        if let Some(loaded) = self.ports.catalogue.lives_of(id).await? {
            for entry in loaded.lives.entries.iter().filter(|entry| entry.state != State::Deleted) {
                count.add(entry.id, scope.covers(entry));
            }
        }
        Ok(count)
    }

    async fn count_recordings(
        &self,
        scope: &Scope,
        bastion: Option<&BastionName>,
        recorded: &mut Recorded,
        alike: &mut Alike<'_>,
    ) -> Result<Count<RecordingId>, Fault> {
        let (mut count, mut below, mut left) = (Count::default(), None, LOOKED_AT);
        loop {
            let under = bastion.cloned().map(Heading::Bastion);
            let page = self.ports.catalogue.list(&ListRequest { under, below, from: None, limit: PAGE }).await?;
            for entry in &page {
                let is_there = entry.state != State::Deleted;
                let covers = if is_there { scope.covers(entry) } else { Truth::False };
                recorded.add(entry, covers);
                if is_there {
                    count.add(entry.id, covers);
                    alike.recording(entry);
                }
            }
            left = left.saturating_sub(page.len());
            below = page.last().map(|entry| entry.id);
            if page.len() < PAGE || left == 0 {
                count.is_whole = page.len() < PAGE;
                return Ok(count);
            }
        }
    }

    async fn count_sessions(
        &self,
        scope: &Scope,
        bastion: Option<BastionName>,
        recorded: &Recorded,
        alike: &mut Alike<'_>,
    ) -> Result<Count<SessionId>, Fault> {
        let from = scope.from.and_then(|from| from.checked_sub(LONGEST_SESSION).ok());
        let (mut count, mut below, mut left) = (Count::default(), scope.to.and_then(place_before), LOOKED_AT);
        loop {
            let bastion = bastion.clone();
            let request = SessionListRequest { bastion, without_recording: false, below, from, limit: PAGE };
            let page = self.ports.sessions.list(&request).await?;
            for entry in &page {
                let facts = entry.session().facts;
                let covers = scope.covers_session(entry.id.bastion.as_str(), &facts);
                count.add(entry.id.clone(), covers.min(recorded.allows(&entry.id)));
                alike.session(&facts);
            }
            left = left.saturating_sub(page.len());
            below = page.last().map(|last: &SessionEntry| SessionPlace { at: last.at(), id: last.id.clone() });
            if page.len() < PAGE || left == 0 {
                count.is_whole = page.len() < PAGE;
                return Ok(count);
            }
        }
    }
}

/// What can be covered of sessions, by the recordings that are matched with them.
#[derive(Default)]
struct Recorded(HashMap<SessionId, Truth>);

impl Recorded {
    /// Takes in a recording and whether it is covered. A match that is not settled may be withdrawn.
    fn add(&mut self, entry: &Entry, covers: Truth) {
        let Match::Matched(matched) = &entry.joined.verdict else { return };
        let allows = match covers {
            Truth::True | Truth::Unknown => Truth::True,
            Truth::False if entry.state == State::Deleted || entry.has_settled_match() => Truth::False,
            Truth::False => Truth::Unknown,
        };
        let id = SessionId { bastion: entry.bastion.clone(), tunnel: matched.session.tunnel_id.clone() };
        let known = self.0.entry(id).or_insert(allows);
        *known = allows.max(*known);
    }

    /// Returns `False` for a session whose recording is known to be outside, `Unknown` if the match may be withdrawn.
    fn allows(&self, id: &SessionId) -> Truth {
        self.0.get(id).copied().unwrap_or(Truth::True)
    }
}

/// Names that are nearly those of a scope.
struct Alike<'s> {
    scope: &'s Scope,
    found: BTreeSet<(usize, String)>,
}

impl<'s> Alike<'s> {
    fn of(scope: &'s Scope) -> Self {
        Self { scope, found: BTreeSet::new() }
    }

    fn recording(&mut self, entry: &Entry) {
        self.bastion(entry.bastion.as_str());
        if let Some(session) = entry.joined.verdict.session() {
            self.session(session);
        }
    }

    fn session(&mut self, session: &SessionFacts) {
        let scope = self.scope;
        self.compare(scope.person.as_deref(), session.user_email.as_deref());
        if scope.machine.is_some() {
            self.compare(scope.machine.as_deref(), session.machine().as_deref());
        }
    }

    fn bastion(&mut self, name: &str) {
        self.compare(self.scope.bastion.as_deref(), Some(name));
    }

    fn compare(&mut self, wanted: Option<&str>, known: Option<&str>) {
        let Some((wanted, known)) = wanted.zip(known) else { return };
        let (one, other) = (wanted.trim().to_lowercase(), known.trim().to_lowercase());
        // Two slips of a long name, one of a short one.
        let most = if one.chars().count() < 8 { 1 } else { 2 };
        if one.len().abs_diff(other.len()) > 4 * most || one == other {
            return;
        }
        let distance = strsim::damerau_levenshtein(&one, &other);
        if distance <= most {
            self.found.insert((distance, other));
            if self.found.len() > ALIKE {
                self.found.pop_last();
            }
        }
    }

    fn nearest(self) -> Vec<String> {
        self.found.into_iter().map(|(_, name)| name).collect()
    }
}
