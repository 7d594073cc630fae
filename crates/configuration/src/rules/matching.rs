//! Matching: durations that can work together.

use jiff::SignedDuration;

use crate::configuration::Matching;
use crate::findings::Findings;
use crate::tree::{Node, Scalar};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

pub fn check(matching: &Node, findings: &mut Findings) {
    let defaults = Matching::default();
    let settle = Setting::of(matching, "settle_after", defaults.settle_after);
    let active = Setting::of(matching, "active_at_most", defaults.active_at_most);
    for (setting, longest) in [(&settle, DAY), (&active, WEEK)] {
        setting.iter().for_each(|setting| setting.within(longest, findings));
    }
    if let (Some(settle), Some(active)) = (settle, active)
        && settle.value >= active.value
    {
        in_order(&settle, &active, findings);
    }
}

fn in_order(settle: &Setting<'_>, active: &Setting<'_>, findings: &mut Findings) {
    if settle.node.is_some() {
        let what = format!("{} is not shorter than active_at_most, {}", settle.shown(), active.shown());
        settle.tell(what, "shorten it, or lengthen active_at_most", findings);
    } else {
        let what = format!("{} is not longer than settle_after, {}", active.shown(), settle.shown());
        active.tell(what, "lengthen it, or write a shorter settle_after", findings);
    }
}

/// A duration, and its value in the file where it has one.
struct Setting<'n> {
    key: &'static str,
    value: SignedDuration,
    node: Option<&'n Node>,
}

impl<'n> Setting<'n> {
    /// `None` where a problem with the value is known already.
    fn of(matching: &'n Node, key: &'static str, default: SignedDuration) -> Option<Self> {
        let node = matching.get(key);
        let value = match node {
            Some(node) => node.text()?.parse().ok()?,
            None => default,
        };
        Some(Self { key, value, node })
    }

    fn within(&self, longest: SignedDuration, findings: &mut Findings) {
        if !(SECOND..=longest).contains(&self.value) {
            let remedy = format!("write a duration from {SECOND} to {longest}");
            self.tell(format!("{} is out of bounds", self.shown()), &remedy, findings);
        }
    }

    fn tell(&self, what: String, remedy: &str, findings: &mut Findings) {
        if let Some(node) = self.node {
            findings.add(node.place, &format!("matching.{}", self.key), what, remedy);
        }
    }

    fn shown(&self) -> String {
        self.node.and_then(Node::scalar).map_or_else(|| self.value.to_string(), Scalar::shown)
    }
}
