//! Counts of one bastion in one month.

use std::collections::BTreeMap;

use domain::record::catalogue::Entry;
use domain::record::retention::Executor;

use crate::summary::{DayOfBastion, is_held};

/// Reason why a figure is unknown. An unknown figure is never shown as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureUnknown {
    /// Some day of the month was not counted after it was over.
    DaysNotCounted,
    /// No audit log of the bastion is configured.
    NoAuditLog,
    /// The audit log of the bastion was never read to its end, or only that of later months.
    LogNotRead,
    /// The newest record of the audit log is older than the month.
    LogSilent,
    /// No session was recordable, so there is no share.
    NothingRecordable,
    /// No access log of the bastion is configured.
    NoAccessLog,
    /// No access log from the begin of the month on, none up to its end, or none of a day between was read for an account.
    AccessLogNotRead,
    /// Older accesses of a recording are no longer kept one by one.
    AccessesFolded,
    /// The setup was not checked yet.
    NotChecked,
    /// The setup was not checked from the begin of the month on, or not for some days of it.
    ChecksMissing,
    /// No recording of the month has a hash to compare with.
    NothingHashed,
    /// Some recording was hashed before changes of contents were counted.
    HashedBefore,
    /// The ledger was not verified yet.
    NotVerified,
}

impl FigureUnknown {
    /// Reason, for people.
    pub fn reason(self) -> &'static str {
        match self {
            Self::DaysNotCounted => "not every day of the month has been counted",
            Self::NoAuditLog => "no audit log is configured",
            Self::LogNotRead => "the audit log has not been read",
            Self::LogSilent => "the audit log has no record of this month or later",
            Self::NothingRecordable => "no session was recordable",
            Self::NoAccessLog => "no access log is configured",
            Self::AccessLogNotRead => "the access log was not read for the whole month",
            Self::AccessesFolded => "older accesses are not kept one by one",
            Self::NotChecked => "the setup has not been checked",
            Self::ChecksMissing => "the setup was not checked throughout the month",
            Self::NothingHashed => "no recording of the month has a hash",
            Self::HashedBefore => "some recordings were hashed before changes were counted",
            Self::NotVerified => "the ledger has not been verified",
        }
    }
}

/// Figure, or the reason why it is unknown.
pub type FigureResult<T> = Result<T, FigureUnknown>;

/// Counts from which every figure is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCounts {
    /// Sessions that began in the month.
    pub sessions: FigureResult<DayOfBastion>,
    /// Sessions of the month without a recording, by name of the cause.
    pub gaps: FigureResult<BTreeMap<&'static str, u64>>,
    /// Recordings first seen in the month.
    pub recordings: RecordingCounts,
    /// Deletions in the month.
    pub deletions: DeletionCounts,
    /// Legal holds in force on a day of the month.
    pub holds: u64,
    /// Accesses in the month.
    pub accesses: FigureResult<AccessCounts>,
    /// Findings of the last check of the setup.
    pub findings: FigureResult<u64>,
    /// Findings that were open in the month.
    pub month_findings: FigureResult<FindingCounts>,
    /// Breaks of the ledger; for the whole estate only.
    pub ledger_breaks: FigureResult<u64>,
}

/// Recordings first seen in a month, as they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordingCounts {
    /// All of them, deleted ones included.
    pub seen: u64,
    /// Those matched with a session whose person is known.
    pub named: u64,
    /// Those that a person has reviewed.
    pub reviewed: u64,
    /// Those under a legal hold.
    pub held: u64,
    /// Those whose content hash is in the ledger.
    pub hashed: u64,
    /// Those whose content changed after it was hashed.
    pub altered: u64,
    /// Those whose content may have changed before changes were counted.
    pub hashed_before: u64,
}

/// Findings of the setup that were open in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FindingCounts {
    /// All of them.
    pub all: u64,
    /// Critical ones.
    pub critical: u64,
    /// Whole days for which the longest one was open.
    pub longest_days: u64,
}

/// Recordings deleted in a month, by right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeletionCounts {
    /// Deleted by the archivist under the policy.
    pub archivist: u64,
    /// Deleted by a lifecycle rule under the policy.
    pub lifecycle: u64,
    /// Deleted by anybody else.
    pub others: u64,
    /// Deleted under the policy after a person approved it; part of the first two.
    pub approved: u64,
}

/// Reads of recordings in a month, by neither the archivist nor the bastion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccessCounts {
    /// Viewings.
    pub viewings: u64,
    /// Viewings in which one request read the whole content.
    pub downloads: u64,
}

impl RecordingCounts {
    pub(super) fn count(&mut self, entry: &Entry) {
        self.seen += 1;
        let session = entry.match_state.verdict.session();
        self.named += u64::from(session.is_some_and(|session| session.user_email.is_some()));
        self.reviewed += u64::from(entry.review().is_some());
        self.held += u64::from(is_held(entry));
        if let Some(print) = &entry.custody.fingerprint {
            self.hashed += 1;
            self.altered += u64::from(print.altered.is_some_and(|count| count > 0));
            self.hashed_before += u64::from(print.altered.is_none());
        }
    }

    /// Recordings whose content changed. Unknown if no content, or not every one, could be compared since its hash.
    pub(super) fn changed(&self) -> FigureResult<u64> {
        match self {
            Self { seen: 1.., hashed: 0, .. } => Err(FigureUnknown::NothingHashed),
            Self { hashed_before: 1.., .. } => Err(FigureUnknown::HashedBefore),
            Self { altered, .. } => Ok(*altered),
        }
    }

    fn add(&mut self, other: &Self) {
        self.seen += other.seen;
        self.named += other.named;
        self.reviewed += other.reviewed;
        self.held += other.held;
        self.hashed += other.hashed;
        self.altered += other.altered;
        self.hashed_before += other.hashed_before;
    }
}

impl DeletionCounts {
    pub(super) fn count(&mut self, entry: &Entry) {
        let tombstone = entry.custody.tombstone.as_ref();
        match tombstone.map(|tombstone| tombstone.by) {
            Some(Executor::Archivist) => self.archivist += 1,
            Some(Executor::Lifecycle) => self.lifecycle += 1,
            None => self.others += 1,
        }
        self.approved += u64::from(tombstone.is_some_and(|tombstone| tombstone.approval.is_some()));
    }

    fn add(&mut self, other: &Self) {
        self.archivist += other.archivist;
        self.lifecycle += other.lifecycle;
        self.others += other.others;
        self.approved += other.approved;
    }

    /// Number of all deletions.
    pub fn all(&self) -> u64 {
        self.archivist + self.lifecycle + self.others
    }
}

impl MonthCounts {
    /// Counts of no bastion.
    pub(super) fn none() -> Self {
        Self {
            sessions: Ok(DayOfBastion::default()),
            gaps: Ok(BTreeMap::new()),
            recordings: RecordingCounts::default(),
            deletions: DeletionCounts::default(),
            holds: 0,
            accesses: Ok(AccessCounts::default()),
            findings: Ok(0),
            month_findings: Ok(FindingCounts::default()),
            ledger_breaks: Err(FigureUnknown::NotVerified),
        }
    }

    /// Adds the counts of another bastion, without holds and ledger, which bastions share. A sum with an unknown part
    /// is unknown.
    pub(super) fn add(&mut self, other: &Self) {
        fold(&mut self.sessions, &other.sessions, DayOfBastion::add);
        fold(&mut self.gaps, &other.gaps, |sum, other| {
            for (cause, count) in other {
                *sum.entry(cause).or_default() += count;
            }
        });
        self.recordings.add(&other.recordings);
        self.deletions.add(&other.deletions);
        fold(&mut self.accesses, &other.accesses, |sum, other| {
            sum.viewings += other.viewings;
            sum.downloads += other.downloads;
        });
        fold(&mut self.findings, &other.findings, |sum, other| *sum += other);
        fold(&mut self.month_findings, &other.month_findings, |sum, other| {
            sum.all += other.all;
            sum.critical += other.critical;
            sum.longest_days = sum.longest_days.max(other.longest_days);
        });
    }

    /// Sessions without a recording for this cause.
    pub(super) fn gaps_by(&self, cause: &str) -> FigureResult<u64> {
        self.gaps.as_ref().map(|gaps| gaps.get(cause).copied().unwrap_or(0)).map_err(|why| *why)
    }
}

fn fold<T>(sum: &mut FigureResult<T>, other: &FigureResult<T>, add: impl FnOnce(&mut T, &T)) {
    match (sum.as_mut(), other) {
        (Ok(sum), Ok(other)) => add(sum, other),
        (Ok(_), Err(why)) => *sum = Err(*why),
        (Err(_), _) => {}
    }
}
