//! Why a policy says what it says of one recording.

use jiff::civil::Date;

use super::{Class, Policy, Retention, Then, resolve};
use crate::matcher::{Facts, Line, Truth, lines};

/// Why a policy says what it says of one recording.
pub struct Explanation<'p> {
    /// Whose words these are.
    pub policy: &'p Policy,
    /// Every rule, in the order of the policy.
    pub rules: Vec<AskedRule<'p>>,
    /// The classes that count, each with what gives it.
    pub classes: Vec<Counted<'p>>,
    /// What is said.
    pub said: Retention,
    /// The class that a person gave it, where the policy does not have it any more.
    pub gone_class: Option<&'p str>,
}

/// A rule and its answer.
pub struct AskedRule<'p> {
    /// Its name.
    pub name: &'p str,
    /// The class that it gives.
    pub class: &'p str,
    /// Whether it matches.
    pub answer: Truth,
    /// Whether the answer counts.
    pub counts: bool,
    /// Whether no person may give a class below its own.
    pub minimum: bool,
    /// What it asks, line by line.
    pub lines: Vec<Line>,
}

/// A class that counts.
pub struct Counted<'p> {
    /// The class.
    pub class: &'p Class,
    /// What gives it, in words.
    pub given_by: String,
    /// The last day on which nobody may delete it, by this class.
    pub retain_until: Date,
    /// The last day on which it stays, by this class. `None` where it stays.
    pub delete_after: Option<Date>,
}

impl<'p> Explanation<'p> {
    /// Asks every rule, and says which class decides what.
    pub fn new(policy: &'p Policy, facts: &Facts<'_>, given: Option<&'p str>, day: Date) -> Self {
        let class = |at: usize| policy.classes.get(at);
        let rules = policy.ask(facts, given).map(|asked| AskedRule {
            name: &asked.rule.name,
            class: class(asked.rule.class).map_or("", |class| &class.name),
            answer: asked.answer,
            counts: asked.counts,
            minimum: asked.rule.minimum,
            lines: lines(&asked.rule.when, facts),
        });
        let rules: Vec<AskedRule<'p>> = rules.collect();
        let by_rules = rules.iter().filter(|rule| rule.counts && rule.answer == Truth::True);
        let mut given_by: Vec<(&str, String)> =
            by_rules.map(|rule| (rule.class, format!("rule {:?}", rule.name))).collect();
        given_by.extend(given.map(|name| (name, "given by a person".to_owned())));
        let mut classes: Vec<Counted<'p>> = given_by
            .into_iter()
            .filter_map(|(name, given_by)| Some(Counted::new(policy.class(name)?, given_by, day)))
            .collect();
        if classes.is_empty() {
            let default = class(policy.default_class);
            classes.extend(default.map(|class| Counted::new(class, "the default class".to_owned(), day)));
        }
        let gone_class = given.filter(|name| policy.class(name).is_none());
        Self { policy, rules, classes, said: resolve(policy, facts, given, day).keep(), gone_class }
    }

    /// The class that retains it longest: the first of those that do.
    pub fn retaining(&self) -> Option<&Counted<'p>> {
        self.classes.iter().find(|counted| counted.class.name == self.said.class)
    }

    /// The class that lets it go first.
    pub fn ending(&self) -> Option<&Counted<'p>> {
        self.classes.iter().filter(|counted| counted.delete_after.is_some()).min_by_key(|counted| counted.delete_after)
    }

    /// The class that is the most careful of what happens then.
    pub fn careful(&self) -> Option<&Counted<'p>> {
        self.classes.iter().find(|counted| counted.class.then == self.said.then)
    }

    /// The rules of which nobody can say whether they match.
    pub fn open_rules(&self) -> impl Iterator<Item = &AskedRule<'p>> {
        self.rules.iter().filter(|rule| rule.counts && rule.answer == Truth::Unknown)
    }

    /// The facts that leave rules open, each once.
    pub fn missing_facts(&self) -> Vec<&str> {
        let lines = self.open_rules().flat_map(|rule| &rule.lines);
        let unknown = lines.filter(|line| line.answer == Truth::Unknown && !line.has_parts);
        let mut facts: Vec<&str> = unknown
            .filter_map(|line| match line.asked.split(": ").next()? {
                // Both are asked of the time at which it began.
                "time_of_day" | "weekday" => Some("started"),
                fact => Some(fact),
            })
            .collect();
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    /// The day on which it is due at the earliest. `None` where it stays.
    pub fn due(&self) -> Option<Date> {
        self.said.delete_after.filter(|_| self.said.then != Then::Keep)?.tomorrow().ok()
    }
}

impl AskedRule<'_> {
    /// The first of its lines that has the rule's own answer, where that is not `true`, for which it takes all.
    pub fn deciding(&self) -> Option<&Line> {
        let top = self.lines.iter().filter(|line| line.depth == 0);
        top.into_iter().find(|line| self.answer != Truth::True && line.answer == self.answer)
    }
}

impl<'p> Counted<'p> {
    fn new(class: &'p Class, given_by: String, day: Date) -> Self {
        let delete_after = class.delete_after.map(|period| period.after(day));
        Self { class, given_by, retain_until: class.retain_for.after(day), delete_after }
    }
}
