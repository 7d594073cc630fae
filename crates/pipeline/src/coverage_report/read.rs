//! Reads the report of a month.

use std::collections::BTreeMap;

use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::GapCause;
use jiff::Timestamp;

use super::accesses::accesses_of_month;
use super::counts::{DeletionCounts, FigureResult, FigureUnknown, MonthCounts, RecordingCounts};
use super::findings::findings_of_month;
use super::{BastionCoverage, CoverageReport, ReportMonth};
use crate::hold::{KnownHold, ShownHolds, known_holds};
use crate::ledger::last_verification;
use crate::ports::{Catalogue, Fault, Heading, ListRequest, SessionListRequest, SessionPlace};
use crate::posture::{finding_log, last_report};
use crate::query::{findings_about, watermark};
use crate::reading::CatalogueReader;
use crate::summary::{CoveredDays, DayOfBastion, covered_days};
use crate::watermark::Watermark;

/// Entries or sessions per page.
const PAGE: usize = 1000;

/// Makes the report of a month about `bastions`, or about all bastions if there are none.
///
/// Costs one read per thousand recordings and sessions without a recording of the month, one per thousand recordings
/// deleted in the month, one per hundred blob names that were ever accessed, one per name that was
/// read in the month, and a few per bastion. Holds one page in memory.
pub async fn coverage_report(
    reading: &CatalogueReader<'_>,
    month: ReportMonth,
    bastions: &[BastionName],
) -> Result<CoverageReport, Fault> {
    let CatalogueReader { checkpoints, estate, now, .. } = *reading;
    let covered = covered_days(checkpoints, month.first(), month.last(), now).await?;
    let mut names = bastions.to_vec();
    if names.is_empty() {
        names.extend(estate.bastions.iter().map(|bastion| bastion.name.clone()));
        let former = covered.days.bastions().filter(|name| estate.bastion(name).is_none());
        names.extend(former.cloned());
    }
    let deletions = deletions(reading.catalogue, month).await?;
    let shown = ShownHolds::read(checkpoints).await?;
    let mut accesses = accesses_of_month(reading, month).await?;
    let holds: Vec<KnownHold> =
        known_holds(checkpoints).await?.into_iter().filter(|hold| is_in_force(hold, month)).collect();
    let setup = last_report(checkpoints).await?;
    let findings = finding_log(checkpoints, month, now).await?;
    let verified = last_verification(checkpoints).await?;
    let mut report = CoverageReport {
        month,
        as_of: now,
        counted_to: covered.counted_to,
        verified_at: verified.map(|(_, at)| at),
        bastions: Vec::new(),
        total: MonthCounts::none(),
    };
    for bastion in names {
        let watermark = watermark(checkpoints, &bastion).await?;
        let log_read_to = watermark.as_ref().and_then(|watermark| watermark.read_to);
        let log = match estate.bastion(&bastion) {
            Some(known) if known.audit_logs.is_none() => Err(FigureUnknown::NoAuditLog),
            _ => log_of_month(watermark, month),
        };
        let gaps = match log {
            Ok(()) => Ok(gaps(reading, month, &bastion).await?),
            Err(why) => Err(why),
        };
        let counts = MonthCounts {
            sessions: log.and_then(|()| sessions(&covered, &bastion)),
            gaps,
            recordings: recordings(reading.catalogue, &shown, month, &bastion).await?,
            deletions: deletions.get(&bastion).copied().unwrap_or_default(),
            holds: holds.iter().filter(|hold| may_concern(hold, &bastion)).count() as u64,
            accesses: accesses.remove(&bastion).unwrap_or(Err(FigureUnknown::NoAccessLog)),
            findings: match &setup {
                Some(setup) => Ok(findings_about(setup, &bastion) as u64),
                None => Err(FigureUnknown::NotChecked),
            },
            month_findings: findings_of_month(findings.as_ref(), month, &bastion, now),
            ledger_breaks: Err(FigureUnknown::NotVerified),
        };
        report.total.add(&counts);
        report.bastions.push(BastionCoverage { bastion, log_read_to, counts });
    }
    let concerns_any = |hold: &&KnownHold| report.bastions.iter().any(|one| may_concern(hold, &one.bastion));
    report.total.holds = holds.iter().filter(concerns_any).count() as u64;
    report.total.ledger_breaks = verified.map(|(breaks, _)| breaks).ok_or(FigureUnknown::NotVerified);
    Ok(report)
}

/// Returns an error if the log cannot tell of the sessions of a month. A log without any record may be switched off.
fn log_of_month(watermark: Option<Watermark>, month: ReportMonth) -> FigureResult<()> {
    let read = watermark.and_then(Watermark::log_read).filter(|read| read.read_from < month.end());
    let read = read.ok_or(FigureUnknown::LogNotRead)?;
    if read.newest_record < month.begin() {
        Err(FigureUnknown::LogSilent)
    } else {
        Ok(())
    }
}

fn sessions(covered: &CoveredDays, bastion: &BastionName) -> FigureResult<DayOfBastion> {
    let last = covered.counted_to.ok_or(FigureUnknown::DaysNotCounted)?;
    Ok(covered.days.sum(bastion, covered.first, last).unwrap_or_default())
}

async fn recordings(
    catalogue: &dyn Catalogue,
    holds: &ShownHolds,
    month: ReportMonth,
    bastion: &BastionName,
) -> Result<RecordingCounts, Fault> {
    let mut counts = RecordingCounts::default();
    let under = Heading::Bastion(bastion.clone());
    each_entry(catalogue, under, Some(month.begin()), month.end(), |entry| counts.count(&holds.on(entry))).await?;
    Ok(counts)
}

/// Counts the deletions of a month by bastion. The recordings can be of any earlier month.
async fn deletions(
    catalogue: &dyn Catalogue,
    month: ReportMonth,
) -> Result<BTreeMap<BastionName, DeletionCounts>, Fault> {
    let mut counts = BTreeMap::<BastionName, DeletionCounts>::new();
    let under = Heading::deleted_in_month_of(month.begin());
    each_entry(catalogue, under, None, Timestamp::MAX, |entry| {
        counts.entry(entry.bastion.clone()).or_default().count(&entry);
    })
    .await?;
    Ok(counts)
}

/// Calls `take` with every entry under a heading, first seen from `from` on and before `end`.
async fn each_entry(
    catalogue: &dyn Catalogue,
    under: Heading,
    from: Option<Timestamp>,
    end: Timestamp,
    mut take: impl FnMut(Entry),
) -> Result<(), Fault> {
    let (mut below, from) = (Some(RecordingId::first_at(end)), from.map(RecordingId::first_at));
    loop {
        let request = ListRequest { under: Some(under.clone()), below, from, limit: PAGE };
        let entries = catalogue.list(&request).await?;
        below = entries.last().map(|entry| entry.id).filter(|_| entries.len() == PAGE);
        entries.into_iter().for_each(&mut take);
        if below.is_none() {
            return Ok(());
        }
    }
}

async fn gaps(
    reading: &CatalogueReader<'_>,
    month: ReportMonth,
    bastion: &BastionName,
) -> Result<BTreeMap<&'static str, u64>, Fault> {
    let mut counts = BTreeMap::new();
    let (mut below, from) = (SessionPlace::before(month.end()), Some(month.begin()));
    loop {
        let bastion = Some(bastion.clone());
        let request = SessionListRequest { bastion, without_recording: true, below, from, limit: PAGE };
        let sessions = reading.sessions.list(&request).await?;
        for session in &sessions {
            let cause = session.gap.as_ref().map_or(&GapCause::Unknown, |gap| &gap.cause);
            *counts.entry(cause.name()).or_default() += 1;
        }
        let last = sessions.last().filter(|_| sessions.len() == PAGE);
        below = last.map(|last| SessionPlace { at: last.at(), id: last.id.clone() });
        if below.is_none() {
            return Ok(counts);
        }
    }
}

fn is_in_force(hold: &KnownHold, month: ReportMonth) -> bool {
    hold.hold.placed_at < month.end() && hold.released.as_ref().is_none_or(|(_, at)| *at >= month.begin())
}

fn may_concern(hold: &KnownHold, bastion: &BastionName) -> bool {
    hold.hold.scope.bastion.as_deref().is_none_or(|named| named == bastion.as_str())
}
