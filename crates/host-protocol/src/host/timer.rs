//! Invocations by timers.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Body, Sys};

/// Run of a timer.
#[derive(Debug, Clone)]
pub struct TimerRun {
    /// Previous run, if any.
    pub last: Option<Timestamp>,
    /// Next run.
    pub next: Timestamp,
    /// True if this run is late.
    pub is_past_due: bool,
}

impl TimerRun {
    /// Writes the body of the invocation, with the timer as the value of `binding`.
    pub fn invocation(&self, binding: &str, sys: &Sys<'_>) -> Result<String, serde_json::Error> {
        // The host writes "never" as the year 1 without an offset.
        let last = self.last.map_or_else(|| "0001-01-01T00:00:00".to_owned(), schedule_time);
        let timer = json!({
            "Schedule": { "AdjustForDST": true },
            "ScheduleStatus": { "Last": last, "Next": schedule_time(self.next), "LastUpdated": last },
            "IsPastDue": self.is_past_due,
        });
        serde_json::to_string(&Body { data: json!({ binding: timer }), metadata: json!({ "sys": sys }) })
    }
}

/// Formats a time for the schedule status: with its fraction, and with an offset instead of `Z`.
fn schedule_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}
