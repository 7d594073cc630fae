//! Policies in the truth, and converted for the archivist.

use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::retention::{Executor, PolicyDigest, Then};
use proptest::prelude::*;
use proptest::sample::select;

use crate::retention::storage::Without;

/// A policy, in whole days and with simple rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Days of retention, days until deletion, and the action then. The first class is the default.
    pub classes: Vec<(u32, u32, Then)>,
    pub rules: Vec<(Which, usize)>,
    pub grace: u32,
    pub enforce: bool,
    pub max_deletes: u32,
}

/// Recordings a rule covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Which {
    /// Recordings whose names begin with this letter.
    Named(char),
    /// Recordings of this person; unknown for a recording without a session.
    Of(&'static str),
    /// Recordings of anyone except this person.
    NotOf(&'static str),
}

pub const PEOPLE: [&str; 2] = ["ada@contoso.example", "bob@contoso.example"];
pub const LETTERS: [char; 3] = ['a', 'b', 'c'];

pub fn said() -> impl Strategy<Value = Said> {
    let then = prop_oneof![6 => Just(Then::Delete), 1 => Just(Then::Review), 1 => Just(Then::Keep)];
    let class = (1u32..200, 1u32..300, then);
    let which = prop_oneof![
        6 => select(&LETTERS[..]).prop_map(Which::Named),
        1 => select(&PEOPLE[..]).prop_map(Which::Of),
        1 => select(&PEOPLE[..]).prop_map(Which::NotOf),
    ];
    let rules = prop::collection::vec((which, 0usize..3), 0..4);
    (prop::collection::vec(class, 3), rules, 1u32..10, prop::bool::weighted(0.9), 1u32..6).prop_map(
        |(mut classes, rules, grace, enforce, max_deletes)| {
            // A default class that keeps for ever would leave little to test.
            classes[0].2 = Then::Delete;
            Said { classes, rules, grace, enforce, max_deletes }
        },
    )
}

fn days(count: u32) -> Period {
    Period::parse(&format!("P{count}D")).unwrap()
}

impl Said {
    /// Converts the policy for the archivist.
    pub fn policy(&self) -> Policy {
        let name = |number: usize| format!("class-{number}");
        let classes = self.classes.iter().enumerate().map(|(number, (retain, delete, then))| Class {
            name: name(number),
            retain_for: days(*retain),
            delete_after: (*then != Then::Keep).then(|| days(*delete)),
            then: *then,
        });
        let rules = self.rules.iter().enumerate().map(|(number, (which, class))| RetentionRule {
            name: format!("rule {number}"),
            when: condition(*which),
            class: *class,
            minimum: false,
        });
        Policy {
            digest: PolicyDigest(format!("{:?}{:?}", self.classes, self.rules)),
            starts_at: StartsAt::Created,
            tolerances: Tolerances::default(),
            default_class: 0,
            classes: classes.collect(),
            rules: rules.collect(),
            grace: days(self.grace),
            enforce: self.enforce,
            executor: Executor::Archivist,
            limits: Limits { max_deletes_per_run: self.max_deletes, max_delete_percent: 100 },
        }
    }

    /// Converts the policy for an archivist that lacks a guard.
    pub fn policy_without(&self, without: Option<Without>) -> Policy {
        let mut policy = self.policy();
        match without {
            Some(Without::Retention) => policy.classes.iter_mut().for_each(|class| {
                class.retain_for = days(1);
                class.delete_after = class.delete_after.map(|_| days(1));
            }),
            Some(Without::Unknown) => {
                policy.rules.retain(|rule| matches!(rule.when, Condition::Is(Test::Text(TextFact::Name, _))));
            }
            Some(Without::Review) => policy.classes.iter_mut().for_each(|class| {
                class.then = if class.then == Then::Review { Then::Delete } else { class.then };
            }),
            Some(Without::Fuse) => policy.limits.max_deletes_per_run = 1_000,
            Some(Without::Grace) => policy.grace = days(0),
            Some(Without::Enforcement) => policy.enforce = true,
            Some(Without::Hold | Without::ETag | Without::TagCondition | Without::Date) | None => {}
        }
        policy
    }
}

fn condition(which: Which) -> Condition {
    let person = |person: &str| Condition::Is(Test::Text(TextFact::Person, vec![Pattern::any_case(person)]));
    match which {
        Which::Named(letter) => {
            Condition::Is(Test::Text(TextFact::Name, vec![Pattern::any_case(&format!("{letter}*"))]))
        }
        Which::Of(whom) => person(whom),
        Which::NotOf(whom) => Condition::Not(Box::new(person(whom))),
    }
}
