//! Converts the section `review` to the review rules.

use domain::policy::join::Tolerances;
use domain::policy::matcher::Condition;
use domain::policy::review::{PriorSessionTimes, ReviewPolicy, ReviewRule};
use jiff::tz::TimeZone;
use serde::de::Error as _;

use crate::document::{ReviewDocument, ReviewRuleDocument};
use crate::fault::TextProblem;
use crate::{texts, when};

/// Share of the matching recordings without `sample`, in per cent.
const EVERY: u8 = 100;

/// Converts a checked section.
pub fn meaning(
    document: &ReviewDocument,
    zone: &TimeZone,
    tolerances: Tolerances,
    prior_times: PriorSessionTimes,
) -> Result<ReviewPolicy, serde_json::Error> {
    let rules = document.rules.iter().map(|written| rule(written, zone)).collect::<Result<_, _>>();
    let rules =
        rules.map_err(|TextProblem { what, remedy }| serde_json::Error::custom(format!("a text {what}; {remedy}")))?;
    Ok(ReviewPolicy { tolerances, prior_times, rules })
}

fn rule(written: &ReviewRuleDocument, zone: &TimeZone) -> Result<ReviewRule, TextProblem> {
    let everything = Condition::All(Vec::new());
    Ok(ReviewRule {
        name: written.name.clone(),
        when: written.when.as_ref().map_or(Ok(everything), |when| when::condition(when, zone))?,
        sample: written.sample.unwrap_or(EVERY),
        due_within: texts::due_within(&written.due_within)?,
    })
}
