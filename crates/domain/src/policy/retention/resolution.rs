//! Resolves a policy for one recording.

use jiff::civil::Date;
use smallvec::SmallVec;

use super::policy::{Class, Policy, RetentionRule};
use crate::policy::matcher::{ConditionResult, Facts};
use crate::record::retention::{PolicyDigest, Retention, Then};

/// Retention of a recording, borrowed from the policy; names are copied only by [`keep`](Self::keep).
#[derive(Debug, Clone)]
pub struct Resolution<'p> {
    class: Option<&'p Class>,
    rules: Rules<'p>,
    unknown: Rules<'p>,
    gone_class: Option<&'p str>,
    counted_from: Date,
    retain_until: Date,
    delete_after: Option<Date>,
    then: Then,
    policy: &'p PolicyDigest,
}

/// Few recordings match more rules.
type Rules<'p> = SmallVec<[&'p RetentionRule; 8]>;

/// Resolves the policy for a recording whose periods count from `counted_from`. `given` is the class assigned by a
/// person.
///
/// Takes the longest retention; the earliest deletion, but not before the end of the retention; and the most careful
/// action.
pub fn resolve<'p>(
    policy: &'p Policy,
    facts: &Facts<'_>,
    given: Option<&'p str>,
    counted_from: Date,
) -> Resolution<'p> {
    let given_class = given.and_then(|name| policy.class(name));
    let mut classes = SmallVec::<[&Class; 8]>::new();
    let mut resolution = Resolution {
        class: None,
        rules: Rules::new(),
        unknown: Rules::new(),
        // The intended retention of a class removed from the policy is unknown.
        gone_class: given.filter(|_| given_class.is_none()),
        counted_from,
        retain_until: Date::MIN,
        delete_after: Some(Date::MAX),
        then: Then::Delete,
        policy: &policy.digest,
    };
    for asked in policy.ask(facts, given).filter(|asked| asked.counts) {
        match asked.answer {
            ConditionResult::True => {
                resolution.rules.push(asked.rule);
                let class = policy.classes.get(asked.rule.class);
                // The dates of a class assigned by several rules are computed once.
                classes.extend(class.filter(|class| !classes.iter().any(|known| std::ptr::eq(*known, *class))));
            }
            ConditionResult::Unknown => resolution.unknown.push(asked.rule),
            ConditionResult::False => {}
        }
    }
    classes.extend(given_class);
    if classes.is_empty() {
        classes.extend(policy.classes.get(policy.default_class));
    }
    for class in classes {
        resolution.add(class);
    }
    resolution.delete_after = resolution.delete_after.filter(|_| resolution.then != Then::Keep);
    resolution.delete_after = resolution.delete_after.map(|date| date.max(resolution.retain_until));
    resolution
}

impl<'p> Resolution<'p> {
    fn add(&mut self, class: &'p Class) {
        let retain_until = class.retain_for.after(self.counted_from);
        if self.class.is_none() || retain_until > self.retain_until {
            self.class = Some(class);
        }
        self.retain_until = self.retain_until.max(retain_until);
        let delete_after = class.delete_after.map_or(Date::MAX, |period| period.after(self.counted_from));
        self.delete_after = self.delete_after.map(|date| date.min(delete_after));
        self.then = self.then.max(class.then);
    }

    /// Returns the owned form, stored in the entry.
    pub fn keep(&self) -> Retention {
        let names = |rules: &Rules<'_>| rules.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>();
        let mut unknown = names(&self.unknown);
        unknown.extend(self.gone_class.map(in_words));
        Retention {
            class: self.class.map_or_else(String::new, |class| class.name.clone()),
            rules: names(&self.rules),
            unknown,
            counted_from: self.counted_from,
            retain_until: self.retain_until,
            delete_after: self.delete_after,
            then: self.then,
            policy: self.policy.clone(),
        }
    }

    /// Returns true if the entry already stores this retention.
    pub fn is(&self, kept: &Retention) -> bool {
        let Retention { class, rules, unknown, counted_from, retain_until, delete_after, then, policy } = kept;
        let are = |rules: &Rules<'_>, names: &[String]| rules.iter().map(|rule| &rule.name).eq(names);
        let gone_class = self.gone_class.map(in_words);
        let unknown_rules = match (unknown.split_last(), &gone_class) {
            (Some((last, rules)), Some(gone_class)) if last == gone_class => rules,
            (_, Some(_)) => return false,
            (_, None) => unknown,
        };
        (self.counted_from, self.retain_until, self.delete_after, self.then)
            == (*counted_from, *retain_until, *delete_after, *then)
            && self.class.map_or("", |class| &class.name) == class
            && are(&self.rules, rules)
            && are(&self.unknown, unknown_rules)
            && self.policy == policy
    }
}

const GIVEN_CLASS: &str = "the given class ";

fn in_words(gone_class: &str) -> String {
    format!("{GIVEN_CLASS}{gone_class:?}")
}

/// Returns true if an undecided reason names a class assigned by a person, and no rule.
pub(super) fn is_given_class(reason: &str) -> bool {
    reason.starts_with(GIVEN_CLASS)
}
