//! Generates random matchers, policies and facts, small enough to interact often.

use domain::policy::join::Tolerances;
use domain::policy::matcher::{Clocked, Condition, Facts, Pattern, Range, Test, TextFact, Weekdays};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::retention::{Executor, PolicyDigest, Then};
use domain::record::tags::TagSet;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Condition of one line.
#[derive(Debug, Clone)]
pub enum Line {
    Machine(Vec<String>),
    Person(Vec<String>),
    Tag(String, Vec<String>),
    Size {
        over: Option<u64>,
        under: Option<u64>,
    },
    Minutes {
        over: Option<i64>,
        under: Option<i64>,
    },
    /// Seconds since the epoch.
    Started {
        after: Option<i64>,
        before: Option<i64>,
    },
    /// Hours of the day at UTC+1.
    Hours {
        from: i8,
        to: i8,
    },
    /// Weekdays at UTC+1, Monday as 1.
    Days(Vec<i8>),
}

/// Matcher built from lines.
#[derive(Debug, Clone)]
pub enum When {
    Line(Line),
    All(Vec<When>),
    Any(Vec<When>),
    Not(Box<When>),
}

/// Class with its periods in months and days.
#[derive(Debug, Clone)]
pub struct AClass {
    pub name: String,
    pub retain_for: (i16, i32),
    pub delete_after: (i16, i32),
    pub then: Then,
}

#[derive(Debug, Clone)]
pub struct ARule {
    pub name: String,
    pub when: When,
    pub class: usize,
    pub minimum: bool,
}

#[derive(Debug, Clone)]
pub struct APolicy {
    pub classes: Vec<AClass>,
    pub rules: Vec<ARule>,
    pub default_class: usize,
}

/// Known facts about a recording.
#[derive(Debug, Clone)]
pub struct Known {
    pub machine: Option<String>,
    pub person: Option<String>,
    pub tags: Option<Vec<(String, String)>>,
    pub size: Option<u64>,
    pub minutes: Option<i64>,
    pub started: Option<i64>,
}

fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(1))
}

impl Line {
    pub fn test(&self) -> Test {
        let patterns = |of: &[String]| of.iter().map(|text| Pattern::any_case(text)).collect();
        let minutes = |of: &Option<i64>| of.map(SignedDuration::from_mins);
        let seconds = |of: &Option<i64>| of.map(|at| Timestamp::from_second(at).unwrap());
        let hour = |hour: i8| Time::new(hour, 0, 0, 0).unwrap();
        match self {
            Self::Machine(of) => Test::Text(TextFact::Machine, patterns(of)),
            Self::Person(of) => Test::Text(TextFact::Person, patterns(of)),
            Self::Tag(key, of) => Test::Tag(key.clone(), of.iter().map(|text| Pattern::exact_case(text)).collect()),
            Self::Size { over, under } => Test::Size(Range { over: *over, under: *under }),
            Self::Minutes { over, under } => Test::Duration(Range { over: minutes(over), under: minutes(under) }),
            Self::Started { after, before } => Test::Started(Range { over: seconds(after), under: seconds(before) }),
            Self::Hours { from, to } => Test::TimeOfDay(Clocked { from: hour(*from), to: hour(*to), zone: zone() }),
            Self::Days(days) => {
                let days = days.iter().map(|day| jiff::civil::Weekday::from_monday_one_offset(*day).unwrap()).collect();
                Test::Weekday(Weekdays { days, zone: zone() })
            }
        }
    }
}

impl When {
    pub fn condition(&self) -> Condition {
        match self {
            Self::Line(line) => Condition::Is(line.test()),
            Self::All(parts) => Condition::All(parts.iter().map(Self::condition).collect()),
            Self::Any(parts) => Condition::Any(parts.iter().map(Self::condition).collect()),
            Self::Not(part) => Condition::Not(Box::new(part.condition())),
        }
    }
}

impl APolicy {
    pub fn policy(&self) -> Policy {
        let period = |(months, days): (i16, i32)| Period::parse(&format!("P{months}M{days}D")).unwrap();
        let class = |class: &AClass| Class {
            name: class.name.clone(),
            retain_for: period(class.retain_for),
            delete_after: (class.then != Then::Keep).then(|| period(class.delete_after)),
            then: class.then,
        };
        let rule = |rule: &ARule| RetentionRule {
            name: rule.name.clone(),
            when: rule.when.condition(),
            class: rule.class,
            minimum: rule.minimum,
        };
        Policy {
            digest: PolicyDigest("sha256:1".to_owned()),
            starts_at: StartsAt::SessionEnd,
            tolerances: Tolerances::default(),
            default_class: self.default_class,
            classes: self.classes.iter().map(class).collect(),
            rules: self.rules.iter().map(rule).collect(),
            grace: period((0, 7)),
            enforce: true,
            executor: Executor::Archivist,
            limits: Limits { max_deletes_per_run: 100, max_delete_percent: 5 },
        }
    }
}

impl Known {
    pub fn with<T>(&self, ask: impl FnOnce(&Facts<'_>) -> T) -> T {
        let tags = self.tags.as_ref().map(|tags| TagSet(tags.iter().cloned().collect()));
        ask(&Facts {
            machine: self.machine.as_deref(),
            person: self.person.as_deref(),
            tags: tags.as_ref(),
            size: self.size,
            duration: self.minutes.map(SignedDuration::from_mins),
            started: self.started.map(|at| Timestamp::from_second(at).unwrap()),
            ..Facts::default()
        })
    }
}

fn word() -> impl Strategy<Value = String> {
    "[abA]{1,3}"
}

fn patterns() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abA*?]{1,3}", 1..3)
}

/// A second in the first two weeks of 2026, often a full hour.
fn second() -> impl Strategy<Value = i64> {
    (0..336_i64, prop_oneof![Just(0), Just(-1), 0..3600_i64])
        .prop_map(|(hour, rest)| 1_767_225_600 + hour * 3600 + rest)
}

fn bound<T: std::fmt::Debug + Clone>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.7, of)
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        patterns().prop_map(Line::Machine),
        patterns().prop_map(Line::Person),
        ("[kl]", patterns()).prop_map(|(key, of)| Line::Tag(key, of)),
        (bound(0..5_u64), bound(0..5_u64)).prop_map(|(over, under)| Line::Size { over, under }),
        (bound(0..5_i64), bound(0..5_i64)).prop_map(|(over, under)| Line::Minutes { over, under }),
        (bound(second()), bound(second())).prop_map(|(after, before)| Line::Started { after, before }),
        (0..24_i8, 0..24_i8)
            .prop_filter("no time at all", |(from, to)| from != to)
            .prop_map(|(from, to)| Line::Hours { from, to }),
        prop::collection::vec(1..8_i8, 1..4).prop_map(Line::Days),
    ]
}

pub fn when() -> impl Strategy<Value = When> {
    line().prop_map(When::Line).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(When::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(When::Any),
            inner.prop_map(|part| When::Not(Box::new(part))),
        ]
    })
}

pub fn known() -> impl Strategy<Value = Known> {
    let tags = prop::collection::btree_map("[kl]", word(), 0..3).prop_map(|tags| tags.into_iter().collect());
    let (machine, person) = (prop::option::of(word()), prop::option::of(word()));
    let parts = (
        machine,
        person,
        prop::option::of(tags),
        prop::option::of(0..5_u64),
        prop::option::of(0..5_i64),
        prop::option::of(second()),
    );
    parts.prop_map(|(machine, person, tags, size, minutes, started)| Known {
        machine,
        person,
        tags,
        size,
        minutes,
        started,
    })
}

fn period() -> impl Strategy<Value = (i16, i32)> {
    prop_oneof![(0..30_i16, Just(0)), (Just(0), 0..400_i32), (0..4_i16, 0..40_i32)]
}

fn class() -> impl Strategy<Value = (Then, (i16, i32), (i16, i32))> {
    (prop::sample::select(Then::ALL.to_vec()), period(), period())
}

pub fn policy() -> impl Strategy<Value = APolicy> {
    prop::collection::vec(class(), 1..5)
        .prop_flat_map(|classes| {
            let count = classes.len();
            let rule = (when(), 0..count, any::<bool>());
            (Just(classes), prop::collection::vec(rule, 0..5), 0..count)
        })
        .prop_map(|(classes, rules, default_class)| APolicy {
            classes: (0..)
                .zip(classes)
                .map(|(at, (then, retain_for, delete_after))| AClass {
                    name: format!("class {at}"),
                    retain_for,
                    delete_after,
                    then,
                })
                .collect(),
            rules: (0..)
                .zip(rules)
                .map(|(at, (when, class, minimum))| ARule { name: format!("rule {at}"), when, class, minimum })
                .collect(),
            default_class,
        })
}

pub fn day() -> impl Strategy<Value = Date> {
    (2023..2029_i16, 1..13_i8, 1..32_i8)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day).ok())
}
