//! Warns of retention rules that can never change the result.

use domain::policy::matcher::Condition;
use domain::policy::retention::Class;
use domain::record::retention::Then;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

use crate::document::{ClassDocument, WhenDocument};
use crate::findings::Findings;
use crate::retention::{canonical_condition, read_class};
use crate::tree::{ConfigurationNode, Member, TextPosition, quoted};
use crate::when;

/// A rule without problems.
struct Written<'n> {
    at: usize,
    place: TextPosition,
    name: &'n str,
    class: &'n str,
    when: Condition,
    /// Equal for equivalent conditions.
    canonical: String,
    minimum: bool,
}

pub fn check(rules: &[ConfigurationNode], classes: &[Member], zone: &TimeZone, findings: &mut Findings) {
    let rules: Vec<Written<'_>> = rules.iter().enumerate().filter_map(|(at, rule)| written(at, rule, zone)).collect();
    let class = |name: &str| {
        let member = classes.iter().find(|class| class.key == name)?;
        read_class(name, &typed::<ClassDocument>(&member.value)?).ok()
    };
    for rule in &rules {
        let Some(own) = class(rule.class) else { continue };
        for other in rules.iter().filter(|other| other.at != rule.at) {
            let are_equal = rule.canonical == other.canonical;
            if are_equal && rule.class != other.class && rule.minimum == other.minimum {
                // Reported once, at the later rule.
                if other.at < rule.at {
                    let what = format!(
                        "matches the same as {} in line {}, and gives another class",
                        quoted(other.name),
                        other.place.line
                    );
                    let remedy = "keep one of the two: both count, and the longer retention wins";
                    findings.warn(rule.place, &rule.path(), what, remedy);
                }
                break;
            }
            let Some(theirs) = class(other.class) else { continue };
            // If two rules cover each other, only the later one is reported.
            let is_mutual = are_equal && rule.class == other.class && rule.minimum == other.minimum;
            if (is_mutual && other.at > rule.at)
                || !covers(other, &theirs, rule, &own)
                || !keeps_name(other, rule, &rules)
            {
                continue;
            }
            if rule.report_covered(other, are_equal, findings) {
                break;
            }
        }
    }
}

impl Written<'_> {
    fn path(&self) -> String {
        format!("retention.rules[{}]", self.at)
    }

    /// Warns that another rule covers this one. Returns false otherwise.
    fn report_covered(&self, other: &Self, are_equal: bool, findings: &mut Findings) -> bool {
        let named = format!("{} in line {}", quoted(other.name), other.place.line);
        if are_equal || self.when.is_no_more_open_than(&other.when) {
            let what = format!("has no effect: {named} matches all of its recordings, and retains them as long");
            findings.warn(self.place, &self.path(), what, "remove it, or correct one of the two");
        } else if self.when.implies(&other.when) {
            let what = format!("adds nothing to {named}, and keeps recordings whose facts are not known");
            findings.warn(self.place, &self.path(), what, "remove it, or give it a class that retains longer");
        } else {
            return false;
        }
        true
    }
}

fn written<'n>(at: usize, rule: &'n ConfigurationNode, zone: &TimeZone) -> Option<Written<'n>> {
    let when = when::condition(&typed::<WhenDocument>(rule.get("when")?)?, zone).ok()?;
    let minimum = rule.get("minimum").and_then(ConfigurationNode::scalar).is_some_and(|scalar| scalar.text == "true");
    Some(Written {
        at,
        place: rule.place,
        name: rule.get("name")?.text()?,
        class: rule.get("class")?.text()?,
        canonical: canonical_condition(&when).to_string(),
        when,
        minimum,
    })
}

/// Converts a part of the document. `None` if it has problems, which are already reported.
fn typed<T: DeserializeOwned>(node: &ConfigurationNode) -> Option<T> {
    serde_json::from_value(node.to_json()).ok()
}

/// Returns true if the class of `rule` overrides the class of `other` whenever both rules count.
fn covers(rule: &Written<'_>, class: &Class, other: &Written<'_>, covered: &Class) -> bool {
    let counts_as_often = rule.minimum || !other.minimum;
    let retains = class.retain_for.is_never_shorter_than(covered.retain_for);
    let is_as_careful = class.then >= covered.then;
    let ends = class.then == Then::Keep
        || class.delete_after.zip(covered.delete_after).is_some_and(|(ends, other)| other.is_never_shorter_than(ends));
    counts_as_often && retains && is_as_careful && ends
}

/// Returns true if recordings keep the same class name without the covered rule. Among classes with equal
/// retention, the first gives the name.
fn keeps_name(rule: &Written<'_>, covered: &Written<'_>, rules: &[Written<'_>]) -> bool {
    let mut between = rules.iter().filter(|other| (covered.at..rule.at).contains(&other.at));
    rule.at < covered.at || rule.class == covered.class && between.all(|other| other.class == rule.class)
}
