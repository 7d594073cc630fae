//! Explains the retention of one recording.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Class, Policy, resolve};
use crate::policy::matcher::{ConditionResult, Facts, MatcherLine, lines};
use crate::record::retention::{Retention, Then};

/// Explanation of the retention of one recording.
pub struct Explanation<'p> {
    /// Explained policy.
    pub policy: &'p Policy,
    /// Every rule, in the order of the policy.
    pub rules: Vec<AskedRule<'p>>,
    /// Effective classes, each with its source.
    pub classes: Vec<EffectiveClass<'p>>,
    /// Resulting retention.
    pub promised: Retention,
    /// Class assigned by a person and since removed from the policy.
    pub gone_class: Option<&'p str>,
}

/// Rule with its answer.
pub struct AskedRule<'p> {
    /// Name of the rule.
    pub name: &'p str,
    /// Class assigned by the rule.
    pub class: &'p str,
    /// Answer of the rule.
    pub answer: ConditionResult,
    /// True if the answer counts.
    pub counts: bool,
    /// True if the rule also counts beside a class assigned by a person.
    pub minimum: bool,
    /// Tested facts that are unknown.
    pub unknown_facts: BTreeSet<String>,
    /// Conditions of the rule with their answers, line by line.
    pub lines: Vec<MatcherLine>,
}

/// Effective class.
pub struct EffectiveClass<'p> {
    /// The class.
    pub class: &'p Class,
    /// Source of the class, for people.
    pub given_by: String,
    /// Last day of the mandatory retention under this class.
    pub retain_until: Date,
    /// Last day of the stay under this class. `None` if it has no end.
    pub delete_after: Option<Date>,
}

impl<'p> Explanation<'p> {
    /// Evaluates every rule and determines the class behind each part of the result.
    pub fn new(policy: &'p Policy, facts: &Facts<'_>, given: Option<&'p str>, day: Date) -> Self {
        let class = |at: usize| policy.classes.get(at);
        let rules = policy.ask(facts, given).map(|asked| AskedRule {
            name: &asked.rule.name,
            class: class(asked.rule.class).map_or("", |class| &class.name),
            answer: asked.answer,
            counts: asked.counts,
            minimum: asked.rule.minimum,
            unknown_facts: asked.rule.when.unknown_facts(facts),
            lines: lines(&asked.rule.when, facts),
        });
        let rules: Vec<AskedRule<'p>> = rules.collect();
        let by_rules = rules.iter().filter(|rule| rule.counts && rule.answer == ConditionResult::True);
        let mut given_by: Vec<(&str, String)> =
            by_rules.map(|rule| (rule.class, format!("rule {:?}", rule.name))).collect();
        given_by.extend(given.map(|name| (name, "given by a person".to_owned())));
        let mut classes: Vec<EffectiveClass<'p>> = given_by
            .into_iter()
            .filter_map(|(name, given_by)| Some(EffectiveClass::new(policy.class(name)?, given_by, day)))
            .collect();
        if classes.is_empty() {
            let default = class(policy.default_class);
            classes.extend(default.map(|class| EffectiveClass::new(class, "the default class".to_owned(), day)));
        }
        let gone_class = given.filter(|name| policy.class(name).is_none());
        Self { policy, rules, classes, promised: resolve(policy, facts, given, day).keep(), gone_class }
    }

    /// Returns the first class with the longest mandatory retention.
    pub fn retaining(&self) -> Option<&EffectiveClass<'p>> {
        self.classes.iter().find(|counted| counted.class.name == self.promised.class)
    }

    /// Returns the class with the earliest deletion.
    pub fn ending(&self) -> Option<&EffectiveClass<'p>> {
        self.classes.iter().filter(|counted| counted.delete_after.is_some()).min_by_key(|counted| counted.delete_after)
    }

    /// Returns the first class with the resulting action after the last day, which is the most careful one.
    pub fn careful(&self) -> Option<&EffectiveClass<'p>> {
        self.classes.iter().find(|counted| counted.class.then == self.promised.then)
    }

    /// Returns the undecided rules among those that count.
    pub fn open_rules(&self) -> impl Iterator<Item = &AskedRule<'p>> {
        self.rules.iter().filter(|rule| rule.counts && rule.answer == ConditionResult::Unknown)
    }

    /// Returns the unknown facts behind undecided rules, each once.
    pub fn missing_facts(&self) -> BTreeSet<&str> {
        let facts = self.open_rules().flat_map(|rule| &rule.unknown_facts);
        facts
            .map(|fact| match fact.as_str() {
                // Both conditions ask for the start time.
                "time_of_day" | "weekday" => "started",
                fact => fact,
            })
            .collect()
    }

    /// Returns the first day on which the recording can be due. `None` if it stays.
    pub fn due(&self) -> Option<Date> {
        self.promised.delete_after.filter(|_| self.promised.then != Then::Keep)?.tomorrow().ok()
    }
}

impl AskedRule<'_> {
    /// Returns the first top-level line with the rule's own answer. `None` if the rule matches, because then every line
    /// counts.
    pub fn deciding(&self) -> Option<&MatcherLine> {
        let top = self.lines.iter().filter(|line| line.depth == 0);
        top.into_iter().find(|line| self.answer != ConditionResult::True && line.answer == self.answer)
    }
}

impl<'p> EffectiveClass<'p> {
    fn new(class: &'p Class, given_by: String, day: Date) -> Self {
        let delete_after = class.delete_after.map(|period| period.after(day));
        Self { class, given_by, retain_until: class.retain_for.after(day), delete_after }
    }
}
