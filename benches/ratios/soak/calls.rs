//! Events of a long run as the host passes them to the handler.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::Measured;
use crate::handler::calls::BODY;
use crate::handler::load::{request, request_to};

/// Storage account, which is a folder.
pub const ACCOUNT: &str = "records01";
/// Container of recordings.
pub const RECORDINGS: &str = "recordings";
/// Container of audit logs.
pub const LOGS: &str = "insights-logs-bastionauditlogs";

/// Recordings that are created and deleted in one step.
pub struct ProcessLives {
    /// Number of the step.
    pub step: usize,
    /// Number of recordings.
    pub count: usize,
    /// Begin of the step; no recording is written earlier.
    pub at: Timestamp,
}

impl ProcessLives {
    fn names(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.count).map(|number| format!("vm-{:07}-azureadmin", self.step * self.count + number))
    }

    /// Writes each recording with one byte.
    pub fn write_all(&self, recordings: &Path) -> Measured<()> {
        Ok(self.names().try_for_each(|name| fs::write(recordings.join(name), b"1"))?)
    }

    /// Deletes the recordings.
    pub fn remove_all(&self, recordings: &Path) -> Measured<()> {
        Ok(self.names().try_for_each(|name| fs::remove_file(recordings.join(name)))?)
    }

    /// Returns the events of a write, their duplicates, and the events of a second write.
    pub fn written(&self) -> Measured<[Vec<Vec<u8>>; 3]> {
        Ok([self.all("BlobCreated", 1)?, self.all("BlobCreated", 1)?, self.all("BlobCreated", 2)?])
    }

    /// Returns the events of the deletions.
    pub fn deleted(&self) -> Measured<Vec<Vec<u8>>> {
        self.all("BlobDeleted", 3)
    }

    fn all(&self, kind: &str, number: i64) -> Measured<Vec<Vec<u8>>> {
        let at = self.at + SignedDuration::from_secs(number);
        let event = |name: String| {
            let path = format!("{RECORDINGS}/blobs/{name}");
            Ok(request(&body(&path, kind, at, number)?))
        };
        self.names().map(event).collect()
    }
}

/// Returns the name of a step's audit log. Each step has its own hour, starting 100 hours ago.
pub fn log_name(step: usize, now: Timestamp) -> String {
    let hours = i64::try_from(step).map_or(0, |step| 100 - step);
    let at = (now - SignedDuration::from_hours(hours)).to_zoned(TimeZone::UTC);
    let hour = at.strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json");
    format!(
        "resourceId=/SUBSCRIPTIONS/8D2C9A54/RESOURCEGROUPS/RG-HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS-HUB-01/{hour}"
    )
}

/// Returns the call for the creation of a log.
pub fn log_landed(name: &str, at: Timestamp) -> Measured<Vec<u8>> {
    Ok(request_to("audit_log_landed", &body(&format!("{LOGS}/blobs/{name}"), "BlobCreated", at, 1)?))
}

fn body(path: &str, kind: &str, at: Timestamp, number: i64) -> Measured<Vec<u8>> {
    let sequencer = format!("{:048x}", at.as_nanosecond() + i128::from(number));
    let text = std::str::from_utf8(BODY)?
        .replace("recordings/blobs/vm-web-01-azureadmin", path)
        .replace("stbastionrec01", ACCOUNT)
        .replace("BlobCreated", kind)
        .replace("2025-11-05T09:21:09.7715530Z", &at.to_string())
        .replace("00000000000000000000000000001F0A000000000000008c", &sequencer);
    Ok(text.into_bytes())
}
