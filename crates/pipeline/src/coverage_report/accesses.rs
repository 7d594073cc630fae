//! Counts the accesses of a month.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::access::{AccessKind, BlobAccesses, LifeSpan, Viewing};
use domain::record::accessor::{AccessRole, KnownIdentities};
use domain::record::estate::{AccessLogs, Bastion, BastionName};
use jiff::SignedDuration;

use super::ReportMonth;
use super::counts::{AccessCounts, FigureResult, FigureUnknown};
use crate::access::address_of;
use crate::audit_log::logged_hours;
use crate::ports::{CheckpointKind, Fault};
use crate::reading::CatalogueReader;
use crate::stored::accesses::AccessesForm;
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// Blob names per page.
const PAGE: usize = 100;

/// Tolerance at the begin and at the end of the month.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Counts the accesses of every bastion with an access log. Reads the lives of each blob name with a read in the month.
pub(super) async fn accesses_of_month(
    reading: &CatalogueReader<'_>,
    month: ReportMonth,
) -> Result<BTreeMap<BastionName, FigureResult<AccessCounts>>, Fault> {
    let mut counts = BTreeMap::new();
    for bastion in &reading.estate.bastions {
        if let Some(logs) = &bastion.access_logs {
            let read = is_read(reading, bastion, logs, month).await?;
            counts.insert(bastion.name.clone(), read.map(|()| AccessCounts::default()));
        }
    }
    let mut after = None::<String>;
    while counts.values().any(Result::is_ok) {
        let page = reading.checkpoints.list(CheckpointKind::Access, after.as_deref(), PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        for (name, row) in page {
            let Some(address) = address_of(&name) else { continue };
            let Some(bastion) = reading.estate.bastion_of(&address.container()) else {
                continue;
            };
            let Some(Ok(sum)) = counts.get_mut(&bastion.name) else { continue };
            let accesses = decode::<AccessesForm>(&row.doc, AS_WRITTEN)?.accesses()?;
            if may_lack(&accesses, month) {
                counts.insert(bastion.name.clone(), Err(FigureUnknown::AccessesFolded));
            } else if has_reads(&accesses, month) {
                let known = bastion.known_identities();
                let lives = reading.catalogue.lives(&address).await?.lives.entries;
                for entry in &lives {
                    let viewings = accesses.viewings(LifeSpan::from_entry(entry, &lives));
                    let counted = viewings.iter().filter(|viewing| {
                        viewing.kind == AccessKind::Read && month.holds(viewing.from) && is_person(&known, viewing)
                    });
                    for viewing in counted {
                        sum.viewings += 1;
                        sum.downloads += u64::from(viewing.is_download(&entry.life));
                    }
                }
            }
        }
    }
    Ok(counts)
}

/// Returns an error unless logs of reads were read from the first to the last day of the month without a pause of more
/// than a day, for every account of the bastion.
async fn is_read(
    reading: &CatalogueReader<'_>,
    bastion: &Bastion,
    logs: &AccessLogs,
    month: ReportMonth,
) -> Result<FigureResult<()>, Fault> {
    let Some(container) = logs.containers().next() else {
        return Ok(Err(FigureUnknown::AccessLogNotRead));
    };
    if bastion.recordings.is_empty() {
        return Ok(Err(FigureUnknown::AccessLogNotRead));
    }
    let (begin, end) = (month.begin() + DAY, month.end().min(reading.now) - DAY);
    let accounts: BTreeSet<_> = bastion.recordings.iter().map(|recordings| &recordings.account).collect();
    for account in accounts {
        let hours = logged_hours(reading.checkpoints, &container, account, reading.now).await?;
        if !hours.is_some_and(|hours| hours.covers(begin, end)) {
            return Ok(Err(FigureUnknown::AccessLogNotRead));
        }
    }
    Ok(Ok(()))
}

/// Returns true for a reader who is neither the archivist nor the bastion, as far as known.
fn is_person(known: &KnownIdentities, viewing: &Viewing) -> bool {
    matches!(known.role(&viewing.accessor), AccessRole::Other | AccessRole::Unknown)
}

fn has_reads(accesses: &BlobAccesses, month: ReportMonth) -> bool {
    let reads = accesses.groups.iter().filter(|(key, _)| key.kind == AccessKind::Read);
    reads.into_iter().any(|(_, group)| group.last >= month.begin() && group.first < month.end())
}

/// Returns true if reads of the month may be among the accesses that are only counted. Others are folded before reads,
/// and older ones before newer ones.
fn may_lack(accesses: &BlobAccesses, month: ReportMonth) -> bool {
    let is_folded = !accesses.folded.numbers.is_empty() || accesses.folded.has_more;
    let is_content_only = accesses.groups.keys().all(|key| key.kind.concerns_content());
    let oldest = accesses.groups.values().map(|group| group.first).min();
    is_folded && is_content_only && oldest.is_none_or(|oldest| oldest >= month.begin())
}
