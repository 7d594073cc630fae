//! Query for the status of every bastion.

use domain::decide::posture::days_left;
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, BastionName};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{Span, Timestamp, tz::TimeZone};

use super::watermark;
use crate::ports::{Catalogue, Checkpoints, Fault, Heading, ListRequest};
use crate::posture::{Report, last_report};
use crate::reading::CatalogueReader;
use crate::summary::{BastionDays, DayOfBastion, bastion_days};
use crate::watermark::Watermark;

/// Weeks of the counted days.
const WEEKS: i64 = 12;
/// Concurrent reads of bastions.
const AT_ONCE: usize = 8;

/// Status of one bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BastionStatus {
    /// Name of the bastion.
    pub bastion: BastionName,
    /// Creation of its newest recording.
    pub last_recording: Option<Timestamp>,
    /// Time up to which its audit log was read.
    pub log_read_to: Option<Timestamp>,
    /// Time of the newest record read from its audit log.
    pub newest_record: Option<Timestamp>,
    /// Days until its access to storage ends, below 0 after the end. `None` if no end is configured.
    pub access_days: Option<i64>,
    /// Sessions of the last 7 days; `None` if not counted yet.
    pub week: Option<DayOfBastion>,
    /// Sessions of the last 30 days; `None` if not counted yet.
    pub month: Option<DayOfBastion>,
    /// Findings of the last check of the setup; `None` if no check has run yet.
    pub findings: Option<usize>,
}

/// Returns the status of every configured bastion, and the counted days of the last twelve weeks. Costs two reads per
/// bastion, and two more.
pub async fn bastion_statuses(reading: &CatalogueReader<'_>) -> Result<(Vec<BastionStatus>, BastionDays), Fault> {
    let CatalogueReader { catalogue, checkpoints, estate, now, .. } = *reading;
    let today = TimeZone::UTC.to_datetime(now).date();
    let before = |days: i64| today.saturating_sub(Span::new().days(days));
    let monday = crate::summary::week_of(today).saturating_sub(Span::new().weeks(WEEKS - 1));
    let days = bastion_days(checkpoints, monday, today).await?;
    let report = last_report(checkpoints).await?;
    let findings = |bastion: &BastionName| report.as_ref().map(|report| findings_about(report, bastion));
    let reads: Vec<_> = estate.bastions.iter().map(|bastion| last_signs(catalogue, checkpoints, bastion)).collect();
    let signs: Vec<_> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
    let statuses = estate.bastions.iter().zip(signs).map(|(bastion, (last_recording, log))| BastionStatus {
        bastion: bastion.name.clone(),
        last_recording,
        log_read_to: log.as_ref().and_then(|log| log.read_to),
        newest_record: log.and_then(|log| log.newest_record),
        access_days: bastion.access_expires.map(|until| days_left(until, now)),
        week: days.sum(&bastion.name, before(6), today),
        month: days.sum(&bastion.name, before(29), today),
        findings: findings(&bastion.name),
    });
    Ok((statuses.collect(), days))
}

/// Returns the number of findings of a report about a bastion, without information.
pub(crate) fn findings_about(report: &Report, bastion: &BastionName) -> usize {
    report.checks.iter().filter(|check| check.subject == bastion.as_str() && check.needs_fix()).count()
}

async fn last_signs(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    bastion: &Bastion,
) -> Result<(Option<Timestamp>, Option<Watermark>), Fault> {
    let under = Some(Heading::Bastion(bastion.name.clone()));
    let newest = catalogue.list(&ListRequest { under, below: None, from: None, limit: 1 }).await?;
    let log = watermark(checkpoints, &bastion.name).await?;
    Ok((newest.first().and_then(Entry::created_at), log))
}
