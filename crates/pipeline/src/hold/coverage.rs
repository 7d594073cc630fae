//! Counts the recordings and sessions in a hold's scope before the hold is placed: a typing error covers nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::policy::matcher::ConditionResult;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::{BastionName, Estate};
use domain::record::hold::HoldScope;
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;
use domain::record::session::{SessionEntry, SessionFacts, SessionId};
use jiff::SignedDuration;

use super::containers::add_containers;
use crate::ports::{Catalogue, Fault, Heading, ListRequest, SessionListRequest, SessionPlace, Sessions};

/// Recordings or sessions per page.
const PAGE: usize = 1_000;
/// Maximum number of each to examine, newest first. The rest is not counted, and the count is marked as partial.
const LOOKED_AT: usize = 100_000;
/// Maximum number of listed ids.
const NAMED: usize = 10;
/// Maximum number of similar names.
const ALIKE: usize = 3;
/// Longest time before a range at which a session within it may have begun.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Current coverage of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Recordings that are not deleted.
    pub recordings: CoverageCount<RecordingId>,
    /// Sessions including failed logins, except those whose recording is known to be outside the scope. Empty if the
    /// scope names a recording.
    pub sessions: CoverageCount<SessionId>,
    /// Names similar to the person, machine or bastion of the scope, nearest first. Empty if the scope covers anything.
    pub alike: Vec<String>,
}

/// Count of the items in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageCount<T> {
    /// Items covered for certain.
    pub certain: u64,
    /// Items with unknown coverage.
    pub possible: u64,
    /// Newest certain items, or the newest possible ones if there is no certain one.
    pub first: Vec<T>,
    /// True if all items were examined; otherwise there may be more.
    pub is_whole: bool,
}

impl Coverage {
    /// Returns true if no examined item is covered for certain.
    pub fn is_nothing_known(&self) -> bool {
        self.recordings.certain == 0 && self.sessions.certain == 0
    }
}

impl<T> Default for CoverageCount<T> {
    fn default() -> Self {
        Self { certain: 0, possible: 0, first: Vec::new(), is_whole: true }
    }
}

impl<T> CoverageCount<T> {
    fn add(&mut self, one: T, covers: ConditionResult) {
        if covers == ConditionResult::True && self.certain == 0 {
            self.first.clear();
        }
        match covers {
            ConditionResult::True => self.certain += 1,
            ConditionResult::Unknown => self.possible += 1,
            ConditionResult::False => return,
        }
        if self.first.len() < NAMED && (covers == ConditionResult::True || self.certain == 0) {
            self.first.push(one);
        }
    }
}

/// Part of the catalogue to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    /// Until a recording is known to be covered.
    UntilKnown,
}

/// Counts the recordings that a hold covers.
pub struct CountCoverage {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) estate: Arc<Estate>,
}

impl CountCoverage {
    /// Counts the recordings and sessions in a scope. Examines at most the newest hundred thousand of each, limited to
    /// one bastion if the scope names it.
    pub async fn coverage(&self, scope: &HoldScope) -> Result<Coverage, Fault> {
        self.count(scope, Extent::All).await
    }

    /// Counts like [`coverage`](Self::coverage), and stops after the first page with a recording or session that is
    /// covered for certain.
    pub async fn coverage_until_known(&self, scope: &HoldScope) -> Result<Coverage, Fault> {
        self.count(scope, Extent::UntilKnown).await
    }

    async fn count(&self, scope: &HoldScope, extent: Extent) -> Result<Coverage, Fault> {
        let mut scope = scope.clone();
        add_containers(&mut scope, &self.estate, &*self.catalogue).await;
        let scope = &scope;
        let mut alike = Alike::from_scope(scope);
        let bastion = scope.bastion.as_deref().map(|name| self.configured(name));
        for known in &self.estate.bastions {
            alike.bastion(known.name.as_str());
        }
        let mut recorded = Recorded::default();
        let recordings = match scope.recording {
            Some(id) => self.count_one(scope, id).await?,
            None => self.count_recordings(scope, bastion.as_ref(), extent, &mut recorded, &mut alike).await?,
        };
        let sessions = match scope.recording {
            Some(_) => CoverageCount::default(),
            None if extent == Extent::UntilKnown && recordings.certain > 0 => CoverageCount::default(),
            None => self.count_sessions(scope, bastion, &recorded, &mut alike).await?,
        };
        let coverage = Coverage { recordings, sessions, alike: Vec::new() };
        let alike = if coverage.is_nothing_known() { alike.nearest() } else { Vec::new() };
        Ok(Coverage { alike, ..coverage })
    }

    /// Returns the name as configured, ignoring case.
    fn configured(&self, name: &str) -> BastionName {
        let is_it = |known: &&domain::record::estate::Bastion| known.name.as_str().eq_ignore_ascii_case(name.trim());
        let known = self.estate.bastions.iter().find(is_it);
        known.map_or_else(|| BastionName::new(name.trim()), |known| known.name.clone())
    }

    async fn count_one(&self, scope: &HoldScope, id: RecordingId) -> Result<CoverageCount<RecordingId>, Fault> {
        let mut count = CoverageCount::default();
        if let Some(loaded) = self.catalogue.lives_of(id).await? {
            for entry in loaded.lives.entries.iter().filter(|entry| entry.state != RecordingState::Deleted) {
                count.add(entry.id, scope.covers(entry));
            }
        }
        Ok(count)
    }

    async fn count_recordings(
        &self,
        scope: &HoldScope,
        bastion: Option<&BastionName>,
        extent: Extent,
        recorded: &mut Recorded,
        alike: &mut Alike<'_>,
    ) -> Result<CoverageCount<RecordingId>, Fault> {
        let mut count = CoverageCount::default();
        self.count_under(scope, bastion, extent, (&mut count, recorded, alike)).await?;
        if bastion.is_some() && extent == Extent::All && !scope.containers.is_empty() {
            // Recordings of the same containers under other names of the bastion.
            self.count_under(scope, None, extent, (&mut count, recorded, alike)).await?;
        }
        Ok(count)
    }

    /// Counts the recordings under the name of a bastion; without a name, those under other names than that of the scope.
    async fn count_under(
        &self,
        scope: &HoldScope,
        bastion: Option<&BastionName>,
        extent: Extent,
        (count, recorded, alike): (&mut CoverageCount<RecordingId>, &mut Recorded, &mut Alike<'_>),
    ) -> Result<(), Fault> {
        let named = scope.bastion.as_deref().filter(|_| bastion.is_none()).map(|name| self.configured(name));
        let (mut below, mut left) = (None, LOOKED_AT);
        loop {
            let under = bastion.cloned().map(Heading::Bastion);
            let page = self.catalogue.list(&ListRequest { under, below, from: None, limit: PAGE }).await?;
            for entry in page.iter().filter(|entry| named.as_ref() != Some(&entry.bastion)) {
                let is_there = entry.state != RecordingState::Deleted;
                let covers = if is_there { scope.covers(entry) } else { ConditionResult::False };
                recorded.add(entry, covers);
                if is_there {
                    count.add(entry.id, covers);
                    alike.recording(entry);
                }
            }
            left = left.saturating_sub(page.len());
            below = page.last().map(|entry| entry.id);
            let is_enough = extent == Extent::UntilKnown && count.certain > 0;
            if page.len() < PAGE || left == 0 || is_enough {
                count.is_whole &= page.len() < PAGE;
                return Ok(());
            }
        }
    }

    async fn count_sessions(
        &self,
        scope: &HoldScope,
        bastion: Option<BastionName>,
        recorded: &Recorded,
        alike: &mut Alike<'_>,
    ) -> Result<CoverageCount<SessionId>, Fault> {
        let from = scope.from.and_then(|from| from.checked_sub(LONGEST_SESSION).ok());
        let (mut count, mut below, mut left) =
            (CoverageCount::default(), scope.to.and_then(SessionPlace::before), LOOKED_AT);
        loop {
            let bastion = bastion.clone();
            let request = SessionListRequest { bastion, without_recording: false, below, from, limit: PAGE };
            let page = self.sessions.list(&request).await?;
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

/// Limit on the coverage of sessions by the recordings matched with them.
#[derive(Default)]
struct Recorded(HashMap<SessionId, ConditionResult>);

impl Recorded {
    /// Adds a recording with its coverage. An unsettled match may be withdrawn.
    fn add(&mut self, entry: &Entry, covers: ConditionResult) {
        let Match::Matched(matched) = &entry.match_state.verdict else { return };
        let allows = match covers {
            ConditionResult::True | ConditionResult::Unknown => ConditionResult::True,
            ConditionResult::False if entry.state == RecordingState::Deleted || entry.has_settled_match() => {
                ConditionResult::False
            }
            ConditionResult::False => ConditionResult::Unknown,
        };
        let id = SessionId { bastion: entry.bastion.clone(), tunnel: matched.session.tunnel_id.clone() };
        let known = self.0.entry(id).or_insert(allows);
        *known = allows.max(*known);
    }

    /// Returns `False` for a session whose recording is known to be outside, and `Unknown` if the match may be
    /// withdrawn.
    fn allows(&self, id: &SessionId) -> ConditionResult {
        self.0.get(id).copied().unwrap_or(ConditionResult::True)
    }
}

/// Collector of names similar to those of a scope.
struct Alike<'s> {
    scope: &'s HoldScope,
    found: BTreeSet<(usize, String)>,
}

impl<'s> Alike<'s> {
    fn from_scope(scope: &'s HoldScope) -> Self {
        Self { scope, found: BTreeSet::new() }
    }

    fn recording(&mut self, entry: &Entry) {
        self.bastion(entry.bastion.as_str());
        if let Some(session) = entry.match_state.verdict.session() {
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
        // Two edits in a long name, one in a short name.
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
