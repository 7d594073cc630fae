//! Selection of the items to replay.

use domain::policy::matcher::Pattern;
use jiff::Timestamp;

use super::intake::InputSummary;

/// Selection of the items to replay. All given conditions must hold; a condition on an unknown property does not hold.
#[derive(Debug, Clone)]
pub struct ReplaySelection {
    /// Given up or quarantined at this time or later.
    pub since: Option<Timestamp>,
    /// Given up or quarantined before this time.
    pub until: Option<Timestamp>,
    /// Pattern of the event type, with or without the part before the last dot.
    pub kind: Option<Pattern>,
    /// Pattern of the subject's name.
    pub name: Option<Pattern>,
    /// Maximum number of items. A dead-letter file is never split.
    pub limit: usize,
}

impl ReplaySelection {
    /// Returns true if the time is in range.
    pub(super) fn is_in_time(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }

    /// Returns true if any of the glimpses fits.
    pub(super) fn fits(&self, summaries: &[InputSummary]) -> bool {
        let is_kind = |pattern: &Pattern, kind: &str| {
            let last = kind.rsplit('.').next().unwrap_or(kind);
            pattern.fits(kind) || pattern.fits(last)
        };
        let fits = |summary: &InputSummary| {
            let kind = self
                .kind
                .as_ref()
                .is_none_or(|pattern| summary.kind.as_deref().is_some_and(|kind| is_kind(pattern, kind)));
            let name = self.name.as_ref();
            kind && name.is_none_or(|pattern| summary.name.as_deref().is_some_and(|name| pattern.fits(name)))
        };
        summaries.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(kind: &str, name: Option<&str>) -> [InputSummary; 1] {
        [InputSummary { kind: Some(kind.to_owned()), name: name.map(str::to_owned) }]
    }

    fn wanted(kind: Option<&str>, name: Option<&str>) -> ReplaySelection {
        let [kind, name] = [kind, name].map(|text| text.map(Pattern::any_case));
        ReplaySelection { since: None, until: None, kind, name, limit: 1 }
    }

    #[test]
    fn an_event_type_matches_with_or_without_its_source() {
        let created = summary("Microsoft.Storage.BlobCreated", None);
        for fitting in ["BlobCreated", "blobcreated", "Microsoft.Storage.*", "*Created", "*"] {
            assert!(wanted(Some(fitting), None).fits(&created), "{fitting}");
        }
        assert!(!wanted(Some("BlobDeleted"), None).fits(&created));
        assert!(wanted(Some("recording.*"), None).fits(&summary("recording.ready", None)));
    }

    #[test]
    fn an_unknown_value_does_not_match_a_replay_filter() {
        assert!(!wanted(None, Some("*")).fits(&summary("x", None)));
        assert!(!wanted(Some("*"), None).fits(&[InputSummary::default()]));
        assert!(wanted(None, None).fits(&[InputSummary::default()]));
        assert!(wanted(Some("x"), Some("vm-*")).fits(&summary("x", Some("VM-web-01"))));
        assert!(!wanted(Some("y"), Some("vm-*")).fits(&summary("x", Some("vm-web-01"))));
    }

    #[test]
    fn the_end_of_a_range_of_time_is_not_in_it() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let wanted = ReplaySelection { since: Some(at(10)), until: Some(at(20)), ..wanted(None, None) };
        assert_eq!([9, 10, 19, 20].map(|second| wanted.is_in_time(at(second))), [false, true, true, false]);
    }
}
