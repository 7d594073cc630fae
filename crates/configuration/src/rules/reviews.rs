//! Rules for reviews: unique names, and conditions on known facts.

use super::matchers::{self, About};
use super::names::names;
use crate::findings::Findings;
use crate::tree::ConfigurationNode;

pub fn check(review: &ConfigurationNode, findings: &mut Findings) {
    let rules = review.get("rules").map_or(&[][..], ConfigurationNode::items);
    for (at, rule) in rules.iter().enumerate() {
        if let Some(when) = rule.get("when") {
            matchers::check(when, About::Reviews, &format!("review.rules[{at}].when"), findings);
        }
    }
    names(rules, "review.rules", "rule", findings);
}
