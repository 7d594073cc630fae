//! Timer payload as sent by the host.

use serde::Deserialize;

/// Timer data of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct TimerInfo {
    /// True if this run is late.
    #[serde(default, rename = "IsPastDue")]
    pub is_past_due: bool,
}

impl TimerInfo {
    /// Parses the payload of a timer invocation; an unreadable payload counts as a run on time.
    ///
    /// A sweep finds its work in the catalogue, so no payload of the host can prevent a run.
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
