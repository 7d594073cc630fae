//! Health page: results of the last posture check as a matrix and as a list, and progress of the audit logs.

mod matrix;

use askama::Template;
use domain::address::Printable;
use domain::decide::posture::{Check, CheckResult, Group};
use domain::record::estate::Estate;
use domain::record::notification::Severity;
use pipeline::posture::Report;

use self::matrix::{Matrix, anchor};
use crate::clock::{PageClock, PageTime};
use crate::{Frame, NavigationEntry};

/// Health page.
#[derive(Template)]
#[template(path = "health.html")]
pub struct HealthPage {
    frame: Frame,
    in_short: String,
    matrix: Option<Matrix>,
    groups: Vec<Checks>,
    readings: Vec<ReadingRow>,
}

/// Progress of reading one bastion's audit log.
pub struct LogProgress {
    /// Name of the bastion.
    pub bastion: String,
    /// Time of the newest record read; `None` if none has been read.
    pub newest: Option<jiff::Timestamp>,
}

struct ReadingRow {
    bastion: String,
    newest: Option<PageTime>,
}

struct Checks {
    title: &'static str,
    /// Findings, then checks that were not made. Equal ones are one line.
    open: Vec<EqualChecks>,
    good: Vec<Shown>,
}

/// Checks of one question with one result.
struct EqualChecks {
    class: &'static str,
    standing: &'static str,
    asks: &'static str,
    each: Vec<Shown>,
}

struct Shown {
    /// `None` if not checked.
    severity: Option<Severity>,
    anchor: Option<String>,
    class: &'static str,
    standing: &'static str,
    asks: &'static str,
    subject: String,
    seen: String,
    fix: Option<String>,
}

impl HealthPage {
    /// Creates the page of a report; `None` if no check has run yet.
    pub fn new(frame: Frame, report: Option<&Report>, estate: &Estate, readings: &[LogProgress]) -> Self {
        let in_short = report.map_or_else(
            || "Not checked yet. posture_check runs daily; archivist doctor checks at once.".to_owned(),
            |report| in_short(report, &frame.clock),
        );
        let checks = report.map(|report| report.checks.as_slice()).unwrap_or_default();
        let group = |group: Group| {
            let numbered = checks.iter().enumerate().filter(|(_, check)| check.question.group() == group);
            let shown = numbered.map(|(index, check)| Shown::from_check(index, check));
            let (good, mut open): (Vec<_>, Vec<_>) = shown.partition(|check| check.class == "good");
            open.sort_by_key(|check| std::cmp::Reverse(check.severity));
            Checks { title: group.title(), open: equal(open), good }
        };
        let is_asked = |group: &Checks| !(group.open.is_empty() && group.good.is_empty());
        let groups = Group::ALL.into_iter().map(group).filter(is_asked).collect();
        let readings = readings.iter().map(|reading| ReadingRow::from_progress(reading, &frame.clock)).collect();
        let matrix = report.map(|report| Matrix::from_checks(&report.checks, estate));
        Self { frame, in_short, matrix, groups, readings }
    }
}

/// Joins the checks of one question with one result, each group at the place of its first check.
fn equal(checks: Vec<Shown>) -> Vec<EqualChecks> {
    let mut groups: Vec<EqualChecks> = Vec::new();
    for check in checks {
        let (class, standing, asks) = (check.class, check.standing, check.asks);
        let is_same = |group: &&mut EqualChecks| (group.class, group.standing, group.asks) == (class, standing, asks);
        match groups.iter_mut().find(is_same) {
            Some(group) => group.each.push(check),
            None => groups.push(EqualChecks { class, standing, asks, each: vec![check] }),
        }
    }
    groups
}

impl ReadingRow {
    fn from_progress(reading: &LogProgress, clock: &PageClock) -> Self {
        let bastion = Printable(&reading.bastion).to_string();
        Self { bastion, newest: reading.newest.map(|at| clock.age(at)) }
    }
}

fn in_short(report: &Report, clock: &PageClock) -> String {
    let open = report.checks.iter().filter(|check| matches!(check.result, CheckResult::NotChecked(_))).count();
    let findings = report.checks.iter().filter(|check| check.is_finding()).count();
    let to_fix = report.checks.iter().filter(|check| check.needs_fix()).count();
    let good = report.checks.len() - open - findings;
    let optional = match findings - to_fix {
        0 => String::new(),
        count => format!("{count} optional, "),
    };
    format!("{to_fix} to fix, {optional}{open} not checked, {good} good, as of {}.", clock.minute(report.at))
}

impl Shown {
    fn from_check(index: usize, check: &Check) -> Self {
        let (class, standing, seen) = match &check.result {
            CheckResult::Good => ("good", "good", check.evidence.clone()),
            CheckResult::Finding(severity) => ("finding", severity.name(), check.evidence.clone()),
            CheckResult::NotChecked(because) => ("not-checked", "not checked", format!("because {because}")),
        };
        Self {
            severity: check.severity(),
            anchor: (class != "good").then(|| anchor(index)),
            class,
            standing,
            asks: check.question.asks(),
            subject: Printable(&check.subject).to_string(),
            seen: Printable(&seen).to_string(),
            fix: check.fix.as_deref().map(|fix| Printable(fix).to_string()),
        }
    }
}
