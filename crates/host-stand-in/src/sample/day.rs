//! Script of the sample day: blobs in the containers of recordings and audit logs.

use std::collections::BTreeSet;

use domain::address::{AddressError, BlobName};
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use super::audit_log::{Addition, additions};
use super::bastion::{LOCAL, SampleBastion};
use super::session::{SampleSession, Shape, difficult_day};
use super::visit::SampleVisit;
use super::{DAY_BEGINS, DELETED, DELETED_AT, SEED, SESSIONS};

/// Scripted working day of a fictitious estate: Monday, 2 March 2026, identical in every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDay {
    actions: Vec<RecordingChange>,
    additions: Vec<Addition>,
    visits: Vec<SampleVisit>,
}

/// Change in the recordings container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingChange {
    /// Time of the change.
    pub at: Timestamp,
    /// Name of the recording.
    pub name: BlobName,
    /// Kind of change.
    pub deed: ChangeKind,
    /// Delay of the event; zero for nearly all.
    pub event_delay: SignedDuration,
}

/// Kind of change to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The bastion writes this many bytes, for the first time or again.
    Write {
        /// Content length in bytes.
        size: u64,
    },
    /// A person deletes the recording.
    Delete,
}

impl SampleDay {
    /// Generates the day.
    pub fn new() -> Result<Self, AddressError> {
        let mut random = SplitMix::new(SEED);
        let sessions = difficult_day(LOCAL.machines, SESSIONS, &mut random);
        let deleted = vec![deletion(BlobName::parse(DELETED)?)];
        Self::played(&LOCAL, sessions, deleted, &mut Names::default(), &mut random)
    }

    /// Plays the sessions of a day at a bastion, after these deletions by people.
    pub(super) fn played(
        bastion: &SampleBastion,
        sessions: Vec<SampleSession>,
        deletions: Vec<RecordingChange>,
        names: &mut Names,
        random: &mut SplitMix,
    ) -> Result<Self, AddressError> {
        let (mut actions, mut visits) = (deletions.clone(), Vec::new());
        let mut deletions = deletions.into_iter().peekable();
        for session in sessions {
            while let Some(gone) = deletions.next_if(|gone| gone.at <= session.started_at) {
                names.taken.remove(gone.name.as_str());
            }
            let is_recorded = session.shape != Shape::Unrecorded;
            let name = is_recorded.then(|| BlobName::parse(&names.pick(&session))).transpose()?;
            actions.extend(name.iter().flat_map(|name| writes(&session, name, random)));
            names.sessions += 1;
            visits.push(SampleVisit::from_session(&session, names.sessions, name));
        }
        actions.sort_by_key(|action| action.at);
        let additions = additions(bastion, &visits, random)?;
        Ok(Self { actions, additions, visits })
    }

    /// Start of the day: 06:00 UTC, before the first session.
    pub fn start(&self) -> Timestamp {
        DAY_BEGINS
    }

    /// Returns the day with recordings of at most this many bytes.
    pub(super) fn up_to(mut self, largest: u64) -> Self {
        for action in &mut self.actions {
            if let ChangeKind::Write { size } = &mut action.deed {
                *size = (*size / 20).min(largest);
            }
        }
        self
    }

    /// Returns all changes of recordings, additions and visits.
    pub(super) fn into_parts(self) -> (Vec<RecordingChange>, Vec<Addition>, Vec<SampleVisit>) {
        (self.actions, self.additions, self.visits)
    }

    /// All changes of recordings, by time.
    pub fn actions(&self) -> &[RecordingChange] {
        &self.actions
    }

    /// All additions to audit logs, by time.
    pub fn additions(&self) -> &[Addition] {
        &self.additions
    }

    /// All uses of the bastion, by time.
    pub fn visits(&self) -> &[SampleVisit] {
        &self.visits
    }
}

/// Returns the deletion of the sample day.
pub(super) fn deletion(name: BlobName) -> RecordingChange {
    RecordingChange { at: DELETED_AT, name, deed: ChangeKind::Delete, event_delay: SignedDuration::ZERO }
}

/// Assigns names as the bastion does: `machine-account`, then the first free suffix in the container.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// Number of sessions so far, which makes their ids unique.
    sessions: u64,
}

impl Names {
    /// Begins without names; the first session has the number after this one.
    pub(super) fn from_session(number: u64) -> Self {
        Self { taken: BTreeSet::new(), sessions: number }
    }

    fn pick(&mut self, session: &SampleSession) -> String {
        let base = format!("{}-{}", session.machine, session.account);
        let mut name = base.clone();
        let mut suffix = 0;
        while !self.taken.insert(name.clone()) {
            suffix += 1;
            name = format!("{base}.{suffix}");
        }
        name
    }
}

fn writes(session: &SampleSession, name: &BlobName, random: &mut SplitMix) -> Vec<RecordingChange> {
    let (start, end) = (session.started_at, session.started_at + session.length);
    let size = size(session.length, random);
    let write = |at, size, event_delay| RecordingChange {
        at,
        name: name.clone(),
        deed: ChangeKind::Write { size },
        event_delay,
    };
    let now = SignedDuration::ZERO;
    match session.shape {
        Shape::Unrecorded => Vec::new(),
        Shape::StaysEmpty => vec![write(start, 0, now)],
        Shape::LateEnd(delay) => vec![write(start, 0, now), write(end, size, delay)],
        Shape::Usual { first_size, between } => {
            let middle = start + SignedDuration::from_secs(session.length.as_secs() / 2);
            let between = between.then(|| write(middle, size / 2, now));
            [Some(write(start, first_size, now)), between, Some(write(end, size, now))].into_iter().flatten().collect()
        }
    }
}

/// Returns 20 KB to 2 MB: larger for longer sessions, but limited, so that the sample does not fill a disk.
fn size(length: SignedDuration, random: &mut SplitMix) -> u64 {
    let grown = (length.as_secs() * random.between(300, 900)).unsigned_abs();
    (20_000 + grown).min(2_000_000)
}
