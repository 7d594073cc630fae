//! A timer that fires.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Body, Sys};

/// One run of a timer.
#[derive(Debug, Clone)]
pub struct TimerRun {
    /// When the timer ran before, if it did.
    pub last: Option<Timestamp>,
    /// When it will run next.
    pub next: Timestamp,
    /// Whether this run should have happened earlier.
    pub is_past_due: bool,
}

impl TimerRun {
    /// Writes the body of the invocation, with the timer as the value of the binding with this name.
    pub fn invocation(&self, binding: &str, sys: &Sys<'_>) -> Result<String, serde_json::Error> {
        // The year 1 without an offset is how the host says "never".
        let last = self.last.map_or_else(|| "0001-01-01T00:00:00".to_owned(), schedule_time);
        let timer = json!({
            "Schedule": { "AdjustForDST": true },
            "ScheduleStatus": { "Last": last, "Next": schedule_time(self.next), "LastUpdated": last },
            "IsPastDue": self.is_past_due,
        });
        serde_json::to_string(&Body { data: json!({ binding: timer }), metadata: json!({ "sys": sys }) })
    }
}

/// A time in a schedule's status: with its fraction, and with an offset instead of `Z`.
fn schedule_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}
