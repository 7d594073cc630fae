//! Retention: classes that can be, rules that say something.

mod classes;
mod overlaps;
mod tiers;

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::matchers::{self, About};
use crate::findings::Findings;
use crate::texts;
use crate::tree::{Member, Node, Scalar, below, quoted};

pub fn check(root: &Node, retention: &Node, findings: &mut Findings) {
    let classes = retention.get("classes").map_or(&[][..], Node::members);
    if let Some(node) = retention.get("classes") {
        classes::check(node, findings);
    }
    if let Some(node) = retention.get("grace") {
        grace(node, findings);
    }
    let mut used = HashSet::new();
    if let Some(node) = retention.get("default_class") {
        used.extend(known_class(node, "retention.default_class", classes, findings));
    }
    let rules = retention.get("rules").map_or(&[][..], Node::items);
    for (at, rule) in rules.iter().enumerate() {
        let path = format!("retention.rules[{at}]");
        if let Some(node) = rule.get("class") {
            used.extend(known_class(node, &format!("{path}.class"), classes, findings));
        }
        if let Some(when) = rule.get("when") {
            matchers::check(when, About::Recordings, &format!("{path}.when"), findings);
        }
    }
    names(rules, "retention.rules", "rule", findings);
    for class in classes.iter().filter(|class| !used.contains(class.key.as_str())) {
        let remedy = "name it in a rule, or remove it; leave it where people give it by hand";
        findings.warn(
            class.key_place,
            &below("retention.classes", &class.key),
            "is a class that no rule gives",
            remedy,
        );
    }
    // A zone that is none has its own problem.
    let zone = root.get("time_zone").and_then(Node::text).map_or(Ok(TimeZone::UTC), texts::time_zone);
    if let Ok(zone) = zone {
        overlaps::check(rules, classes, &zone, findings);
    }
}

/// Whoever is warned for longer than a year does not remember.
fn grace(node: &Node, findings: &mut Findings) {
    let period = node.text().and_then(|text| texts::period(text).ok());
    if period.is_some_and(|period| period.least_days() > 365) {
        let what = format!("{} is out of bounds", node.scalar().map(Scalar::shown).unwrap_or_default());
        findings.add(node.place, "retention.grace", what, "write a period from P0D to P1Y");
    }
}

/// The class that a text names, and a problem where there is none.
fn known_class<'n>(node: &'n Node, path: &str, classes: &[Member], findings: &mut Findings) -> Option<&'n str> {
    let name = node.text()?;
    if classes.iter().all(|class| class.key != name) {
        let known: Vec<&str> = classes.iter().map(|class| class.key.as_str()).collect();
        let remedy = match known.as_slice() {
            [] => "define it under retention.classes".to_owned(),
            known => format!("write one of {}, or define it under retention.classes", known.join(", ")),
        };
        findings.add(node.place, path, format!("{} is not a class", quoted(name)), remedy);
    }
    Some(name)
}

/// A rule is known by its name, in explanations and in tombstones.
pub(super) fn names(rules: &[Node], list: &str, what_it_is: &str, findings: &mut Findings) {
    let mut first: Vec<(&str, usize)> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let Some((name, node)) = rule.get("name").and_then(|node| Some((node.text()?, node))) else {
            continue;
        };
        let path = format!("{list}[{at}].name");
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            let what = format!("is not a {what_it_is}'s name");
            findings.add(node.place, &path, what, "write 1 to 120 characters that people can read");
        } else if let Some((_, line)) = first.iter().find(|(known, _)| *known == name) {
            let what = format!("is the same as in line {line}");
            findings.add(node.place, &path, what, format!("give each {what_it_is} its own name"));
        }
        first.push((name, node.place.line));
    }
}

/// The longest name of a rule, in characters.
const LONGEST_NAME: usize = 120;
