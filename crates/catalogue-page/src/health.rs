//! Health page: results of the last posture check and progress of the audit logs.

use askama::Template;
use domain::address::Printable;
use domain::posture::{Check, CheckResult, Group};
use pipeline::posture::Report;

use crate::text::minute;
use crate::{Frame, NavigationEntry};

/// Health page.
#[derive(Template)]
#[template(path = "health.html")]
pub struct HealthPage {
    frame: Frame,
    in_short: String,
    groups: Vec<Checks>,
    readings: Vec<LogProgress>,
}

/// Progress of reading one bastion's audit log.
pub struct LogProgress {
    /// Name of the bastion.
    pub bastion: String,
    /// Time of the newest record read; `None` if none has been read.
    pub newest: Option<jiff::Timestamp>,
}

struct Checks {
    title: &'static str,
    checks: Vec<Shown>,
}

struct Shown {
    class: &'static str,
    standing: &'static str,
    asks: &'static str,
    subject: String,
    seen: String,
    fix: Option<String>,
}

impl HealthPage {
    /// Creates the page of a report; `None` if no check has run yet.
    pub fn new(frame: Frame, report: Option<&Report>, readings: Vec<LogProgress>) -> Self {
        let in_short = report.map_or_else(
            || "Not checked yet. posture_check runs daily; archivist doctor checks at once.".to_owned(),
            in_short,
        );
        let checks = report.map(|report| report.checks.as_slice()).unwrap_or_default();
        let group = |group: Group| {
            let of: Vec<Shown> = checks.iter().filter(|check| check.question.group() == group).map(Shown::of).collect();
            Checks { title: group.title(), checks: of }
        };
        let groups = Group::ALL.into_iter().map(group).filter(|group| !group.checks.is_empty()).collect();
        Self { frame, in_short, groups, readings }
    }
}

impl LogProgress {
    fn newest(&self) -> String {
        self.newest.map_or_else(|| "nothing yet".to_owned(), minute)
    }

    fn bastion(&self) -> Printable<'_> {
        Printable(&self.bastion)
    }
}

fn in_short(report: &Report) -> String {
    let open = report.checks.iter().filter(|check| matches!(check.standing, CheckResult::NotChecked(_))).count();
    let findings = report.checks.iter().filter(|check| check.is_finding()).count();
    let good = report.checks.len() - open - findings;
    format!("{findings} to fix, {open} not checked, {good} good, as of {} UTC.", minute(report.at))
}

impl Shown {
    fn of(check: &Check) -> Self {
        let (class, standing, seen) = match &check.standing {
            CheckResult::Good => ("good", "good", check.evidence.clone()),
            CheckResult::Finding(severity) => ("finding", severity.name(), check.evidence.clone()),
            CheckResult::NotChecked(because) => ("not-checked", "not checked", format!("because {because}")),
        };
        Self {
            class,
            standing,
            asks: check.question.asks(),
            subject: Printable(&check.subject).to_string(),
            seen: Printable(&seen).to_string(),
            fix: check.fix.as_deref().map(|fix| Printable(fix).to_string()),
        }
    }
}
