//! A policy in the truth, and converted for the archivist.

use domain::join::Tolerances;
use domain::matcher::{Condition, Pattern, Range, Test, Text};
use domain::retention::{Class, Executor, Limits, Period, Policy, PolicyDigest, Rule, StartsAt, Then};
use jiff::SignedDuration;

use crate::hostile::storage::Without;

pub const PEOPLE: [&str; 2] = ["ada@contoso.example", "bob@contoso.example"];

/// A policy, in whole days.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// True if periods start at the creation, false if at the end of the session.
    pub from_creation: bool,
    /// Days of retention, days until deletion, and true if the class is kept for ever. The first class is the
    /// default.
    pub classes: Vec<(u32, u32, bool)>,
    pub rules: Vec<(Which, usize)>,
    pub grace: u32,
    pub lifecycle: bool,
    /// True if storage reports its time. Otherwise a wrong clock cannot be detected.
    pub tells_time: bool,
}

/// Recordings a rule covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Which {
    /// Recordings of the machine with this letter.
    Machine(char),
    /// Recordings of this person.
    Of(&'static str),
    /// Recordings of sessions shorter than 15 seconds.
    Brief,
}

pub fn period(days: u32) -> Period {
    Period::parse(&format!("P{days}D")).unwrap()
}

impl Said {
    /// Converts the policy for an archivist, with one guard removed or none.
    pub fn policy(&self, without: Option<Without>) -> Policy {
        let classes = self.classes.iter().enumerate().map(|(number, (retain, delete, stays))| Class {
            name: format!("class-{number}"),
            retain_for: period(*retain),
            delete_after: (!stays).then(|| period(*delete)),
            then: if *stays { Then::Keep } else { Then::Delete },
        });
        let rules = self.rules.iter().enumerate().map(|(number, (which, class))| Rule {
            name: format!("rule {number}"),
            when: Condition::Is(test(*which)),
            class: *class,
            minimum: false,
        });
        let beyond = SignedDuration::from_hours(24 * 100_000);
        let tolerances = match without {
            Some(Without::Tolerances) => Tolerances { start: beyond, end: beyond },
            _ => Tolerances::default(),
        };
        Policy {
            digest: PolicyDigest(format!("{self:?}")),
            starts_at: if self.from_creation { StartsAt::Created } else { StartsAt::SessionEnd },
            tolerances,
            default_class: 0,
            classes: classes.collect(),
            rules: rules.filter(|rule| without != Some(Without::Unknown) || is_by_name(rule)).collect(),
            grace: period(self.grace),
            enforce: true,
            executor: if self.lifecycle { Executor::Lifecycle } else { Executor::Archivist },
            limits: Limits { max_deletes_per_run: 100_000, max_delete_percent: 100 },
        }
    }
}

fn is_by_name(rule: &Rule) -> bool {
    matches!(rule.when, Condition::Is(Test::Text(Text::Name, _)))
}

fn test(which: Which) -> Test {
    match which {
        Which::Machine(letter) => Test::Text(Text::Name, vec![Pattern::any_case(&format!("vm-{letter}-*"))]),
        Which::Of(person) => Test::Text(Text::Person, vec![Pattern::any_case(person)]),
        Which::Brief => Test::Duration(Range { over: None, under: Some(SignedDuration::from_secs(15)) }),
    }
}
