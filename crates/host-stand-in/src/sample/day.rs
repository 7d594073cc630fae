//! Script of the sample day: blobs in the containers of recordings and audit logs.

use std::collections::BTreeSet;

use domain::address::{AddressError, BlobName};
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use super::audit_log::{Addition, additions};
use super::session::{SampleSession, Shape, sessions};
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
        let mut names = Names::default();
        let mut actions = vec![RecordingChange {
            at: DELETED_AT,
            name: BlobName::parse(DELETED)?,
            deed: ChangeKind::Delete,
            event_delay: SignedDuration::ZERO,
        }];
        let (mut visits, mut is_given_back) = (Vec::new(), false);
        for (number, session) in (1..).zip(sessions(SESSIONS, &mut random)) {
            if session.started_at >= DELETED_AT && !is_given_back {
                is_given_back = names.taken.remove(DELETED);
            }
            let is_recorded = session.shape != Shape::Unrecorded;
            let name = is_recorded.then(|| BlobName::parse(&names.pick(&session))).transpose()?;
            actions.extend(name.iter().flat_map(|name| writes(&session, name, &mut random)));
            visits.push(SampleVisit::of(&session, number, name));
        }
        actions.sort_by_key(|action| action.at);
        let additions = additions(&visits, &mut random)?;
        Ok(Self { actions, additions, visits })
    }

    /// Start of the day: 06:00 UTC, before the first session.
    pub fn start(&self) -> Timestamp {
        DAY_BEGINS
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

/// Assigns names as the bastion does: `machine-account`, then the first free suffix in the container.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
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
