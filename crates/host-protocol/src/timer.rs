//! What the host says when a timer fires.

use serde::Deserialize;

/// What a timer function may want to know of its run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct TimerInfo {
    /// Whether this run should have happened earlier.
    #[serde(default, rename = "IsPastDue")]
    pub is_past_due: bool,
}

impl TimerInfo {
    /// Reads the payload of a timer's invocation; what cannot be read counts as a run in time.
    ///
    /// A sweep finds its work in the catalogue, so a run is never refused for what the host says about it.
    pub fn read(payload: &[u8]) -> Self {
        serde_json::from_slice(payload).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_run_is_known_by_its_flag_alone() {
        assert!(TimerInfo::read(br#"{"ScheduleStatus":null,"IsPastDue":true}"#).is_past_due);
        assert!(!TimerInfo::read(br#"{"Schedule":{"AdjustForDST":true},"IsPastDue":false}"#).is_past_due);
    }

    #[test]
    fn an_unreadable_timer_still_runs() {
        for payload in ["", "null", "{}", "[]", r#"{"IsPastDue":"yes"}"#] {
            assert!(!TimerInfo::read(payload.as_bytes()).is_past_due, "{payload}");
        }
    }
}
