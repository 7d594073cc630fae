//! Converts the section `retention` to the policy.

mod canonical;

use domain::policy::join::Tolerances;
use domain::policy::retention::lifecycle::Tiers;
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::retention::{Executor, PolicyDigest};
use jiff::tz::TimeZone;
use serde::de::Error as _;

use crate::document::{ClassDocument, RetentionDocument, TiersDocument};
use crate::fault::TextProblem;
use crate::{texts, when};

pub(crate) use canonical::condition as canonical_condition;

/// The policy, and the tiers of classes with any.
pub struct Meaning {
    pub policy: Policy,
    pub tiers: Vec<Tiers>,
}

/// Default grace period.
const GRACE: &str = "P7D";

/// Default limits of one run.
pub const LIMITS: Limits = Limits { max_deletes_per_run: 100, max_delete_percent: 5 };

/// Converts a checked section.
pub fn meaning(
    document: &RetentionDocument,
    zone: &TimeZone,
    tolerances: Tolerances,
) -> Result<Meaning, serde_json::Error> {
    read(document, zone, tolerances)
        .map_err(|TextProblem { what, remedy }| serde_json::Error::custom(format!("a text {what}; {remedy}")))
}

fn read(document: &RetentionDocument, zone: &TimeZone, tolerances: Tolerances) -> Result<Meaning, TextProblem> {
    let classes =
        document.classes.iter().map(|(name, class)| read_class(name, class)).collect::<Result<Vec<_>, _>>()?;
    let place = |name: &str| {
        let found = classes.iter().position(|class| class.name == name);
        found.ok_or_else(|| TextProblem::new("names no class", "define it under classes"))
    };
    let rules = document.rules.iter().map(|rule| {
        let when = when::condition(&rule.when, zone)?;
        Ok(RetentionRule { name: rule.name.clone(), when, class: place(&rule.class)?, minimum: rule.minimum })
    });
    let mut policy = Policy {
        digest: PolicyDigest(String::new()),
        starts_at: document.clock.as_deref().map_or(Ok(StartsAt::SessionEnd), texts::clock)?,
        tolerances,
        default_class: place(&document.default_class)?,
        rules: rules.collect::<Result<_, TextProblem>>()?,
        grace: texts::period(document.grace.as_deref().unwrap_or(GRACE))?,
        enforce: document.enforce,
        executor: document.executor.as_deref().map_or(Ok(Executor::Archivist), texts::executor)?,
        limits: Limits {
            max_deletes_per_run: document.limits.max_deletes_per_run.unwrap_or(LIMITS.max_deletes_per_run),
            max_delete_percent: document.limits.max_delete_percent.unwrap_or(LIMITS.max_delete_percent),
        },
        classes,
    };
    policy.digest = canonical::digest(&policy, zone);
    let tiers = document.classes.iter().map(|(name, class)| read_tiers(name, class)).collect::<Result<Vec<_>, _>>()?;
    Ok(Meaning { policy, tiers: tiers.into_iter().filter(Tiers::moves).collect() })
}

/// Converts one class.
pub fn read_class(name: &str, class: &ClassDocument) -> Result<Class, TextProblem> {
    Ok(Class {
        name: name.to_owned(),
        retain_for: texts::period(&class.retain_for)?,
        delete_after: class.delete_after.as_deref().map(texts::period).transpose()?,
        then: texts::then(&class.then)?,
    })
}

/// Converts the tiers of one class.
pub fn read_tiers(name: &str, class: &ClassDocument) -> Result<Tiers, TextProblem> {
    let none = TiersDocument::default();
    let written = class.tiers.as_ref().unwrap_or(&none);
    let days = |text: &Option<String>| text.as_deref().map(texts::days).transpose();
    Ok(Tiers {
        class: name.to_owned(),
        cool_after: days(&written.cool_after)?,
        cold_after: days(&written.cold_after)?,
        archive_after: days(&written.archive_after)?,
        immediately_available: days(&class.immediately_available)?,
    })
}

/// Default policy without a file: one class `standard` of one year, not enforced.
pub fn local() -> Result<Policy, domain::policy::retention::PeriodError> {
    let year = Period::parse("P1Y")?;
    let then = domain::record::retention::Then::Delete;
    let class = Class { name: "standard".to_owned(), retain_for: year, delete_after: Some(year), then };
    let mut policy = Policy {
        digest: PolicyDigest(String::new()),
        starts_at: StartsAt::SessionEnd,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![class],
        rules: Vec::new(),
        grace: Period::parse(GRACE)?,
        enforce: false,
        executor: Executor::Archivist,
        limits: LIMITS,
    };
    policy.digest = canonical::digest(&policy, &TimeZone::UTC);
    Ok(policy)
}
