//! Rules for matching: durations within their bounds and in their order.

use jiff::SignedDuration;

use crate::configuration::MatchingSettings;
use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Scalar};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);

pub fn check(matching: &ConfigurationNode, findings: &mut Findings) {
    let defaults = MatchingSettings::default();
    let mut bounded = |key, default, longest| {
        let setting = Setting::read(matching, key, default);
        setting.iter().for_each(|setting| setting.within(longest, findings));
        setting
    };
    let settle = bounded("settle_after", defaults.settle_after, DAY);
    let active = bounded("active_at_most", defaults.active_at_most, WEEK);
    bounded("start_tolerance", defaults.start_tolerance, HOUR);
    let end = bounded("end_tolerance", defaults.end_tolerance, HOUR);
    let confirm = bounded("confirm_after", defaults.confirm_after, WEEK);
    bounded("session_without_recording_after", defaults.session_without_recording_after, MONTH);
    let unmatched = bounded("recording_without_session_after", defaults.recording_without_session_after, MONTH);
    bounded("failed_logins.within", defaults.failed_logins.within, DAY);
    for (shorter, longer) in [(&settle, &active), (&end, &confirm), (&confirm, &unmatched)] {
        if let (Some(shorter), Some(longer)) = (shorter, longer)
            && shorter.value >= longer.value
        {
            in_order(shorter, longer, findings);
        }
    }
}

fn in_order(shorter: &Setting<'_>, longer: &Setting<'_>, findings: &mut Findings) {
    if shorter.node.is_some() {
        let what = format!("{} is not shorter than {}, {}", shorter.shown(), longer.key, longer.shown());
        shorter.report(what, &format!("shorten it, or lengthen {}", longer.key), findings);
    } else {
        let what = format!("{} is not longer than {}, {}", longer.shown(), shorter.key, shorter.shown());
        longer.report(what, &format!("lengthen it, or write a shorter {}", shorter.key), findings);
    }
}

/// A duration, with its node if the file has one.
struct Setting<'n> {
    /// Path below `matching`.
    key: &'static str,
    value: SignedDuration,
    node: Option<&'n ConfigurationNode>,
}

impl<'n> Setting<'n> {
    /// Returns `None` if a problem with the value is already reported.
    fn read(matching: &'n ConfigurationNode, key: &'static str, default: SignedDuration) -> Option<Self> {
        let node = key.split('.').try_fold(matching, ConfigurationNode::get);
        let value = match node {
            Some(node) => node.text()?.parse().ok()?,
            None => default,
        };
        Some(Self { key, value, node })
    }

    fn within(&self, longest: SignedDuration, findings: &mut Findings) {
        if !(SECOND..=longest).contains(&self.value) {
            let remedy = format!("write a duration from {SECOND} to {longest}");
            self.report(format!("{} is out of bounds", self.shown()), &remedy, findings);
        }
    }

    fn report(&self, what: String, remedy: &str, findings: &mut Findings) {
        if let Some(node) = self.node {
            findings.add(node.place, &format!("matching.{}", self.key), what, remedy);
        }
    }

    fn shown(&self) -> String {
        self.node.and_then(ConfigurationNode::scalar).map_or_else(|| self.value.to_string(), Scalar::shown)
    }
}
