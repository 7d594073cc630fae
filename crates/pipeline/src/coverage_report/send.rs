//! Sends the report of last month once.

use std::sync::Arc;

use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use domain::record::notification::{Event, Notification, NotificationFact};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{CoverageReport, FIGURES, ReportMonth, coverage_report};
use crate::deliver::NotificationOutbox;
use crate::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Fault, Sessions};
use crate::reading::CatalogueReader;
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};
use crate::summary::covered_days;
use crate::time::TimeSource;

/// Figures in the notification.
const TOTALS: [&str; 7] = ["sessions", "recordable", "recorded", "gaps", "recordings", "named", "deletions"];

/// Sends the totals of last month as `report.monthly`.
pub struct SendMonthlyReport {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) outbox: Arc<NotificationOutbox>,
}

/// Last month whose report was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentReport {
    schema: Schema,
    month: String,
}

impl CheckpointDocument for SentReport {
    const WHAT: &str = "last monthly report";

    fn without_future(self, _: Timestamp) -> Self {
        // Says what was sent. A month after the present one is sent again when it is over.
        self
    }
}

impl SendMonthlyReport {
    /// Sends the report of last month, unless it was sent or its last day is not counted yet. Returns true if it was
    /// sent. An installation whose first month has neither sessions nor recordings sends none for it.
    ///
    /// Costs one read if nothing is due. After a crash between sending and saving, the next run hands over the same
    /// notification, which keeps its id and its first content.
    pub fn send_monthly_report(&self) -> BoxFuture<'_, Result<bool, Fault>> {
        Box::pin(async move {
            if self.is_quiet {
                return Ok(false);
            }
            let now = self.time.now();
            let month = ReportMonth::at(now).previous();
            let stored = self.checkpoints.get(&key()).await?;
            let sent = stored.as_ref().map(|stored| decode::<SentReport>(&stored.doc, AS_WRITTEN)).transpose()?;
            let is_sent = sent.as_ref().is_some_and(|sent| sent.month == month.to_string());
            let last = month.last();
            if is_sent || covered_days(&*self.checkpoints, last, last, now).await?.counted_to.is_none() {
                return Ok(false);
            }
            let report = self.report(month, now).await?;
            let is_first_and_empty = sent.is_none() && is_empty(&report);
            if !is_first_and_empty {
                self.outbox.hand_over(&notification(&report)).await?;
            }
            let next = SentReport { schema: Schema, month: month.to_string() };
            let version = stored.map(|stored| stored.version);
            self.checkpoints.save(&key(), version, &encode(&next)?).await?;
            Ok(!is_first_and_empty)
        })
    }

    async fn report(&self, month: ReportMonth, now: Timestamp) -> Result<CoverageReport, Fault> {
        let reading = CatalogueReader {
            catalogue: &*self.catalogue,
            sessions: &*self.sessions,
            checkpoints: &*self.checkpoints,
            estate: &self.estate,
            policy: None,
            reviews: &ReviewPolicy::default(),
            time_zone: &TimeZone::UTC,
            now,
        };
        coverage_report(&reading, month, &[]).await
    }
}

/// Returns true if nothing is known to have happened in the month.
fn is_empty(report: &CoverageReport) -> bool {
    let has_sessions = report.bastions.iter().any(|one| one.counts.sessions.is_ok_and(|sum| sum.sessions > 0));
    !has_sessions && report.total.recordings.seen == 0 && report.total.deletions.all() == 0
}

/// Returns the notification. Its id depends on the month only.
fn notification(report: &CoverageReport) -> Notification {
    let month = report.month.to_string();
    let mut facts = vec![
        NotificationFact::text("month", month.clone()),
        NotificationFact::number("bastions", report.bastions.len() as u64),
    ];
    let mut unknown = Vec::new();
    for figure in FIGURES.iter().filter(|figure| TOTALS.contains(&figure.name)) {
        match (figure.value)(&report.total) {
            Ok(value) => facts.push(NotificationFact::number(figure.name, value)),
            Err(_) => unknown.push(figure.name),
        }
    }
    if !unknown.is_empty() {
        facts.push(NotificationFact::text("not_counted", unknown.join(", ")));
    }
    facts.push(NotificationFact::text(
        "report_with",
        format!("archivist report coverage --month {month} --format html"),
    ));
    Notification {
        facts,
        subject: month.clone(),
        ..Notification::new("report", Event::ReportMonthly, &month, report.as_of)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Summary, name: "report".to_owned() }
}
