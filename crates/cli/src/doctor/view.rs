//! JSON document of `archivist doctor --json`.

use comfy_table::Color;
use domain::decide::posture::{Check, CheckResult};
use domain::record::notification::Severity;
use jiff::Timestamp;
use pipeline::BastionHabits;
use pipeline::posture::Report;
use pipeline::view::{BastionView, BastionsView};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct ReportView<'a> {
    version: u32,
    at: Timestamp,
    checks: Vec<CheckView<'a>>,
    /// `None` when only a signature is checked, or if the habits cannot be read.
    bastions: Option<Vec<BastionView<'a>>>,
}

#[derive(Serialize)]
struct CheckView<'a> {
    group: &'static str,
    check: &'static str,
    asks: &'static str,
    subject: &'a str,
    standing: &'static str,
    severity: Option<&'static str>,
    because: Option<&'a str>,
    evidence: Option<&'a str>,
    fix: Option<&'a str>,
}

impl<'a> ReportView<'a> {
    pub(super) fn from_report(report: &'a Report, habits: Option<&'a [BastionHabits]>) -> Self {
        Self {
            version: 1,
            at: domain::record::blob::whole_second(report.at),
            checks: report.checks.iter().map(CheckView::from_check).collect(),
            bastions: habits.map(|habits| BastionsView::from_habits(habits).items),
        }
    }
}

impl<'a> CheckView<'a> {
    fn from_check(check: &'a Check) -> Self {
        let (standing, because) = match &check.result {
            CheckResult::Good => ("good", None),
            CheckResult::Finding(_) => ("finding", None),
            CheckResult::NotChecked(because) => ("not_checked", Some(because.as_str())),
        };
        Self {
            group: check.question.group().title(),
            check: check.question.name(),
            asks: check.question.asks(),
            subject: &check.subject,
            standing,
            severity: check.severity().map(Severity::name),
            because,
            evidence: Some(check.evidence.as_str()).filter(|evidence| !evidence.is_empty()),
            fix: check.fix.as_deref(),
        }
    }
}

pub(super) fn colour(check: &Check) -> Color {
    match check.result {
        CheckResult::Good => Color::Green,
        CheckResult::Finding(Severity::Critical) => Color::Red,
        CheckResult::Finding(_) => Color::Yellow,
        CheckResult::NotChecked(_) => Color::Grey,
    }
}
