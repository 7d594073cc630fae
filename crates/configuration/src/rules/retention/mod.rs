//! Rules for retention: valid classes, useful rules.

mod classes;
mod overlaps;
mod tiers;

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::matchers::{self, About};
use super::names::{Defined, known, names};
use crate::findings::Findings;
use crate::texts;
use crate::tree::{ConfigurationNode, Scalar, below};

pub fn check(root: &ConfigurationNode, retention: &ConfigurationNode, findings: &mut Findings) {
    let classes = retention.get("classes").map_or(&[][..], ConfigurationNode::members);
    if let Some(node) = retention.get("classes") {
        classes::check(node, findings);
    }
    if let Some(node) = retention.get("grace") {
        grace(node, findings);
    }
    let defined = Defined { what: "class", under: "retention.classes", members: classes };
    let mut used = HashSet::new();
    if let Some(node) = retention.get("default_class") {
        used.extend(known(node, "retention.default_class", &defined, findings));
    }
    let rules = retention.get("rules").map_or(&[][..], ConfigurationNode::items);
    for (at, rule) in rules.iter().enumerate() {
        let path = format!("retention.rules[{at}]");
        if let Some(node) = rule.get("class") {
            used.extend(known(node, &format!("{path}.class"), &defined, findings));
        }
        if let Some(when) = rule.get("when") {
            matchers::check(when, About::Recordings, &format!("{path}.when"), findings);
        }
    }
    names(rules, "retention.rules", "rule", findings);
    for class in classes.iter().filter(|class| !used.contains(class.key.as_str())) {
        let remedy = "name it in a rule, or remove it; keep it if people give it by hand";
        findings.warn(
            class.key_place,
            &below("retention.classes", &class.key),
            "is a class that no rule gives",
            remedy,
        );
    }
    // An invalid time zone is reported by its format.
    let zone = root.get("time_zone").and_then(ConfigurationNode::text).map_or(Ok(TimeZone::UTC), texts::time_zone);
    if let Ok(zone) = zone {
        overlaps::check(rules, classes, &zone, findings);
    }
}

/// Reports a grace period of more than a year, because people forget a warning that old.
fn grace(node: &ConfigurationNode, findings: &mut Findings) {
    let period = node.text().and_then(|text| texts::period(text).ok());
    if period.is_some_and(|period| period.least_days() > 365) {
        let what = format!("{} is out of bounds", node.scalar().map(Scalar::shown).unwrap_or_default());
        findings.add(node.place, "retention.grace", what, "write a period from P0D to P1Y");
    }
}
