//! The eight rules of the policy.

use domain::policy::join::Tolerances;
use domain::policy::matcher::{Clocked, Condition, Network, Pattern, Range, Test, TextFact};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::retention::{Executor, PolicyDigest, Then};
use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::Measured;

pub const COUNT: usize = 8;
/// Administrators.
pub const ADMINS: [&str; 4] =
    ["ada@contoso.example", "grace@contoso.example", "edsger@contoso.example", "barbara@contoso.example"];
/// Internal networks.
pub const INSIDE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/// Time zone of the night hours.
pub const ZONE: &str = "Europe/Berlin";
pub const NIGHT: [i8; 2] = [22, 6];
pub const LONG: SignedDuration = SignedDuration::from_hours(2);
pub const SHORT: SignedDuration = SignedDuration::from_mins(1);

/// Indices of the classes.
pub const STANDARD: usize = 0;
pub const BRIEF: usize = 1;
pub const LONGER: usize = 2;
pub const KEPT: usize = 3;

/// Name of each rule, index of its class, and whether it is a minimum.
pub const RULES: [(&str, usize, bool); COUNT] = [
    ("production", LONGER, false),
    ("partners", LONGER, true),
    ("administrators", KEPT, true),
    ("finance", LONGER, false),
    ("from-outside", LONGER, false),
    ("long-sessions", STANDARD, false),
    ("at-night", LONGER, false),
    ("trials", BRIEF, false),
];

pub fn policy() -> Measured<Policy> {
    let class = |name: &str, retain_for, delete_after: Option<&str>, then| {
        let delete_after = delete_after.map(Period::parse).transpose()?;
        Ok(Class { name: name.into(), retain_for: Period::parse(retain_for)?, delete_after, then })
    };
    let classes: Measured<Vec<_>> = [
        class("standard", "P1Y", Some("P1Y"), Then::Delete),
        class("brief", "P30D", Some("P90D"), Then::Delete),
        class("longer", "P7Y", Some("P8Y"), Then::Review),
        class("kept", "P10Y", None, Then::Keep),
    ]
    .into_iter()
    .collect();
    let rules = RULES.iter().zip(conditions()?);
    Ok(Policy {
        digest: PolicyDigest(format!("sha256:{}", "5e".repeat(32))),
        starts_at: StartsAt::SessionEnd,
        tolerances: Tolerances::default(),
        default_class: STANDARD,
        classes: classes?,
        rules: rules
            .map(|((name, class, minimum), when)| RetentionRule {
                name: (*name).into(),
                when,
                class: *class,
                minimum: *minimum,
            })
            .collect(),
        grace: Period::parse("P14D")?,
        enforce: true,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 1_000, max_delete_percent: 5 },
    })
}

fn conditions() -> Measured<[Condition; COUNT]> {
    let text = |which, patterns: &[&str]| {
        Condition::Is(Test::Text(which, patterns.iter().map(|text| Pattern::any_case(text)).collect()))
    };
    let inside: Option<Vec<_>> = INSIDE.iter().map(|network| Network::parse(network)).collect();
    let inside = Condition::Is(Test::ClientIp(inside.ok_or("not a network")?));
    let [from, to] = NIGHT.map(|hour| Time::constant(hour, 0, 0, 0));
    let night = Condition::Is(Test::TimeOfDay(Clocked { from, to, zone: TimeZone::get(ZONE)? }));
    let longer = Condition::Is(Test::Duration(Range { over: Some(LONG), under: None }));
    let shorter = Condition::Is(Test::Duration(Range { over: None, under: Some(SHORT) }));
    let not = |condition| Condition::Not(Box::new(condition));
    Ok([
        text(TextFact::Name, &["vm-prod-*", "*-prd-*"]),
        text(TextFact::Person, &["*@partner.example", "*@vendor.example"]),
        text(TextFact::Person, &ADMINS),
        text(TextFact::ResourceGroup, &["rg-fin-*", "rg-pay-*"]),
        not(inside),
        Condition::All(vec![
            longer,
            Condition::Any(vec![text(TextFact::Protocol, &["rdp"]), text(TextFact::Name, &["sql-??-*"])]),
        ]),
        Condition::All(vec![night, not(text(TextFact::ResourceGroup, &["rg-lab-*"]))]),
        Condition::All(vec![
            text(TextFact::Name, &["*-tmp-*"]),
            shorter,
            not(text(TextFact::Person, &["*@partner.example"])),
        ]),
    ])
}
