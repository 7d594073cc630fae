//! A policy in the truth, and converted for the archivist.

use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, Pattern, Range, Test, TextFact};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::retention::{Executor, PolicyDigest, Then};
use jiff::SignedDuration;

use crate::hostile::storage::MissingPart;

pub const PEOPLE: [&str; 2] = ["ada@contoso.example", "bob@contoso.example"];

/// A policy, in whole days.
#[derive(Debug, Clone, PartialEq)]
pub struct HostilePolicy {
    /// True if periods start at the creation, false if at the end of the session.
    pub from_creation: bool,
    /// Days of retention, days until deletion, and true if the class is kept for ever. The first class is the
    /// default.
    pub classes: Vec<(u32, u32, bool)>,
    pub rules: Vec<(PolicyChoice, usize)>,
    pub grace: u32,
    pub lifecycle: bool,
    /// True if storage reports its time. Otherwise a wrong clock cannot be detected.
    pub tells_time: bool,
}

/// Recordings a rule covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PolicyChoice {
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

impl HostilePolicy {
    /// Converts the policy for an archivist, with one guard removed or none.
    pub fn policy(&self, without: Option<MissingPart>) -> Policy {
        let classes = self.classes.iter().enumerate().map(|(number, (retain, delete, stays))| Class {
            name: format!("class-{number}"),
            retain_for: period(*retain),
            delete_after: (!stays).then(|| period(*delete)),
            then: if *stays { Then::Keep } else { Then::Delete },
        });
        let rules = self.rules.iter().enumerate().map(|(number, (which, class))| RetentionRule {
            name: format!("rule {number}"),
            when: Condition::Is(test(*which)),
            class: *class,
            minimum: false,
        });
        let beyond = SignedDuration::from_hours(24 * 100_000);
        let tolerances = match without {
            Some(MissingPart::Tolerances) => Tolerances { start: beyond, end: beyond },
            _ => Tolerances::default(),
        };
        Policy {
            digest: PolicyDigest(format!("{self:?}")),
            starts_at: if self.from_creation { StartsAt::Created } else { StartsAt::SessionEnd },
            tolerances,
            default_class: 0,
            classes: classes.collect(),
            rules: rules.filter(|rule| without != Some(MissingPart::Unknown) || is_by_name(rule)).collect(),
            grace: period(self.grace),
            enforce: true,
            executor: if self.lifecycle { Executor::Lifecycle } else { Executor::Archivist },
            limits: Limits { max_deletes_per_run: 100_000, max_delete_percent: 100 },
        }
    }
}

fn is_by_name(rule: &RetentionRule) -> bool {
    matches!(rule.when, Condition::Is(Test::Text(TextFact::Name, _)))
}

fn test(which: PolicyChoice) -> Test {
    match which {
        PolicyChoice::Machine(letter) => Test::Text(TextFact::Name, vec![Pattern::any_case(&format!("vm-{letter}-*"))]),
        PolicyChoice::Of(person) => Test::Text(TextFact::Person, vec![Pattern::any_case(person)]),
        PolicyChoice::Brief => Test::Duration(Range { over: None, under: Some(SignedDuration::from_secs(15)) }),
    }
}
