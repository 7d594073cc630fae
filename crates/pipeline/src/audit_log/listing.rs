//! Lists recent days to find logs with a lost event.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::record::estate::{Bastion, Estate};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::place::{LogPlace, is_of_days, prefixes};
use crate::audit_log::AuditLogPositions;
use crate::ports::{BlobPage, BlobStore, Checkpoints, Fault, ListBlobs, ListedBlob};
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Blobs per page.
const PAGE: usize = 5000;
/// Overlap with the last read position: logs of the previous day may have grown.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Longest pause a pass catches up with; a longer one needs a backfill.
const CATCHES_UP: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Finds audit logs that nothing announced.
pub struct FindAuditLogs {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) log_positions: Arc<AuditLogPositions>,
}

impl FindAuditLogs {
    /// Opens the unknown logs of a bastion, from the day before the last read position (or yesterday) until today.
    /// Returns the time since which all logs are open, or `None` if the container does not exist.
    pub(super) async fn find_logs(
        &self,
        bastion: &Bastion,
        container: &ContainerAddress,
    ) -> Result<Option<Timestamp>, Fault> {
        let now = self.time.now();
        let watermark = self.watermarks.watermark(&bastion.name).await?.unwrap_or_default();
        let earliest = now.saturating_sub(CATCHES_UP).unwrap_or(now);
        let never = if watermark.is_ahead { earliest } else { now };
        let since = watermark.read_to.unwrap_or(never).clamp(earliest, now).saturating_sub(DAY).unwrap_or(now);
        self.find(bastion, container, Some(since), watermark.prefix.as_deref()).await
    }

    /// Opens the logs of a bastion of the UTC day of `since` and all later days, or all logs if `since` is `None`.
    /// Returns the time since which all logs are open, or `None` if the container does not exist.
    ///
    /// Lists all logs of the container if the bastion has no resource id.
    pub fn find_logs_since<'a>(
        &'a self,
        bastion: &'a Bastion,
        container: &'a ContainerAddress,
        since: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(async move {
            let watermark = self.watermarks.watermark(&bastion.name).await?.unwrap_or_default();
            self.find(bastion, container, since, watermark.prefix.as_deref()).await
        })
    }

    /// Like [`Self::find_logs_since`], with the prefix that was learned from earlier logs.
    async fn find(
        &self,
        bastion: &Bastion,
        container: &ContainerAddress,
        since: Option<Timestamp>,
        learned: Option<&str>,
    ) -> Result<Option<Timestamp>, Fault> {
        let known = since.filter(|_| bastion.resource_id.is_some());
        let first = known.map(|since| since.to_zoned(TimeZone::UTC).date());
        let last = self.time.now().to_zoned(TimeZone::UTC).date();
        let days = first.map(|first| -> Vec<Date> {
            first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).collect()
        });
        let beginnings = match &days {
            Some(days) => prefixes(bastion, learned, days),
            None => vec![String::new()],
        };
        let mut seen = BTreeSet::new();
        for beginning in beginnings {
            let Some(found) = self.open_logs(container, &beginning, days.as_deref()).await? else {
                return Ok(None);
            };
            seen.extend(found);
        }
        let is_open = learned.is_none() && bastion.resource_id.is_some() && seen.len() == 1;
        if let Some(prefix) = seen.pop_first().filter(|_| is_open) {
            // With both spellings in use, both are listed until a record teaches one.
            self.watermarks
                .mark(&bastion.name, |watermark| watermark.prefix = watermark.prefix.take().or(Some(prefix.clone())))
                .await?;
        }
        let midnight = first.and_then(|first| Some(first.to_zoned(TimeZone::UTC).ok()?.timestamp()));
        Ok(Some(midnight.unwrap_or(Timestamp::UNIX_EPOCH)))
    }

    /// Opens all logs with this prefix, of these days if they are given. Returns the parts of their names before the
    /// date, or `None` if the container does not exist.
    async fn open_logs(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        days: Option<&[Date]>,
    ) -> Result<Option<BTreeSet<String>>, Fault> {
        let mut seen = BTreeSet::new();
        let mut marker: Option<String> = None;
        loop {
            let page =
                self.blobs.list(ListBlobs::first(container, PAGE).under(prefix).after(marker.as_deref())).await?;
            let Some(BlobPage { blobs, next }) = page else { return Ok(None) };
            let is_wanted = |blob: &ListedBlob| days.is_none_or(|days| is_of_days(blob.name.as_str(), days));
            for blob in blobs.into_iter().filter(is_wanted) {
                seen.extend(LogPlace::parse(blob.name.as_str()).map(|place| place.prefix.to_owned()));
                let log = container.blob(blob.name);
                if self.log_positions.open_log(&log).await?.is_none() {
                    self.log_positions.reopen_log(&log, &blob.properties).await?;
                }
            }
            marker = next;
            if marker.is_none() {
                return Ok(Some(seen));
            }
        }
    }
}
