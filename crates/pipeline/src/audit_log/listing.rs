//! Lists recent days to find logs with a lost event.

use std::sync::Arc;

use domain::address::ContainerAddress;
use domain::record::estate::{Bastion, Estate};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::place::prefixes;
use crate::audit_log::AuditLogPositions;
use crate::ports::{BlobPage, BlobStore, Checkpoints, Fault, ListBlobs};
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Blobs per page.
const PAGE: usize = 1000;
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
        self.find_logs_since(bastion, container, Some(since)).await
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
            let known = since.filter(|_| bastion.resource_id.is_some());
            let first = known.map(|since| since.to_zoned(TimeZone::UTC).date());
            let beginnings = match first {
                Some(first) => {
                    let last = self.time.now().to_zoned(TimeZone::UTC).date();
                    let days: Vec<Date> =
                        first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).collect();
                    let learned =
                        self.watermarks.watermark(&bastion.name).await?.and_then(|watermark| watermark.prefix);
                    prefixes(bastion, learned.as_deref(), &days)
                }
                None => vec![String::new()],
            };
            for beginning in beginnings {
                if !self.open_logs(container, &beginning).await? {
                    return Ok(None);
                }
            }
            let midnight = first.and_then(|first| Some(first.to_zoned(TimeZone::UTC).ok()?.timestamp()));
            Ok(Some(midnight.unwrap_or(Timestamp::UNIX_EPOCH)))
        })
    }

    /// Opens all logs with this prefix. Returns false if the container does not exist.
    async fn open_logs(&self, container: &ContainerAddress, prefix: &str) -> Result<bool, Fault> {
        let mut marker: Option<String> = None;
        loop {
            let page =
                self.blobs.list(ListBlobs::first(container, PAGE).under(prefix).after(marker.as_deref())).await?;
            let Some(BlobPage { blobs, next }) = page else { return Ok(false) };
            for blob in blobs {
                let log = container.blob(blob.name);
                if self.log_positions.open_log(&log).await?.is_none() {
                    self.log_positions.reopen_log(&log, &blob.properties).await?;
                }
            }
            marker = next;
            if marker.is_none() {
                return Ok(true);
            }
        }
    }
}
