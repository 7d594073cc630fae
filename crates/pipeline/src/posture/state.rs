//! State of each finding, from all checks with its key.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - Several checks can have one key, for example when two containers are in one account. The finding is over when none
//!   of them has it.
//! - A check can be asked only while it is bad, or lose its subject. Then nothing answers that the finding is over.

use std::collections::BTreeSet;

use domain::decide::posture::{Check, CheckResult, Memory};

use super::Report;
use super::news::PostureFinding;
use crate::posture::NotifyFindings;

/// State of the finding with one key.
pub(super) enum FindingState<'a> {
    /// The worst finding of its checks.
    Stands(PostureFinding<'a>),
    /// All its checks are good; this is one of them.
    Over(&'a Check),
    /// The remembered finding is no longer checked.
    NotAsked(&'a str),
}

/// Returns the state of each finding that has one, in the order of the report.
pub(super) fn states<'a>(
    findings: &NotifyFindings,
    report: &'a Report,
    memory: &'a Memory,
    is_full: bool,
) -> Vec<FindingState<'a>> {
    let mut keys = BTreeSet::new();
    let new = report.checks.iter().filter(|check| keys.insert(check.key()));
    let mut states: Vec<FindingState<'a>> = new.filter_map(|check| state(findings, report, check)).collect();
    if is_full && !report.has_outages() {
        let not_asked = memory.open_keys().filter(|key| !keys.contains(*key) && !is_unanswered(report, key));
        states.extend(not_asked.map(FindingState::NotAsked));
    }
    states
}

/// Returns the state of the finding with the key of a check. `None` if it is unknown.
fn state<'a>(findings: &NotifyFindings, report: &'a Report, check: &'a Check) -> Option<FindingState<'a>> {
    let key = check.key();
    let same = || report.checks.iter().filter(|one| one.key() == key);
    let worst = same()
        .filter_map(|one| findings.finding(one, report.at))
        .reduce(|worst, one| if one.severity > worst.severity { one } else { worst });
    if let Some(worst) = worst {
        return Some(FindingState::Stands(worst));
    }
    same().all(|one| !is_not_checked(one)).then_some(FindingState::Over(check))
}

/// Returns true if a check of the same question had no answer: the finding may still stand.
fn is_unanswered(report: &Report, key: &str) -> bool {
    let question = key.split_once('/').map_or(key, |(question, _)| question);
    report.checks.iter().any(|check| check.question.name() == question && is_not_checked(check))
}

fn is_not_checked(check: &Check) -> bool {
    matches!(check.result, CheckResult::NotChecked(_))
}
