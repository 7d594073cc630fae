//! Stores the last posture report for readers.

use domain::decide::posture::{Check, CheckResult, Question};
use domain::record::notification::Severity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault};
use crate::posture::CheckPosture;
use crate::stored::Schema;
use crate::stored::checkpoint::{AS_WRITTEN, CheckpointDocument, decode, encode};

/// Maximum length of a stored text, in characters, to keep the document small.
const LONGEST: usize = 400;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportForm {
    schema: Schema,
    at: Timestamp,
    checks: Vec<CheckForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckForm {
    check: String,
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    evidence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl CheckpointDocument for ReportForm {
    const WHAT: &str = "last check of the setup";

    fn without_future(self, _: Timestamp) -> Self {
        // The report is shown with its time, and the next run replaces it.
        self
    }
}

/// Returns the last posture report, or `None` if no check has run yet.
pub async fn last_report(checkpoints: &dyn Checkpoints) -> Result<Option<Report>, Fault> {
    let Some(kept) = checkpoints.get(&key()).await? else { return Ok(None) };
    decode::<ReportForm>(&kept.doc, AS_WRITTEN).map(|form| Some(form.into()))
}

impl CheckPosture {
    /// Stores a report in place of the last one. Of two concurrent runs, one is stored.
    pub(super) async fn keep_report(&self, report: &Report) -> Result<(), Fault> {
        let before = self.checkpoints.get(&key()).await?.map(|kept| kept.version);
        self.checkpoints.save(&key(), before, &encode(&ReportForm::from(report))?).await.map(drop)
    }
}

fn key() -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Posture, name: "report".to_owned() }
}

impl From<&Report> for ReportForm {
    fn from(report: &Report) -> Self {
        Self { schema: Schema, at: report.at, checks: report.checks.iter().map(CheckForm::from).collect() }
    }
}

impl From<&Check> for CheckForm {
    fn from(check: &Check) -> Self {
        let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let because = match &check.result {
            CheckResult::NotChecked(because) => Some(short(because)),
            CheckResult::Good | CheckResult::Finding(_) => None,
        };
        Self {
            check: check.question.name().to_owned(),
            subject: short(&check.subject),
            severity: check.severity().map(|severity| severity.name().to_owned()),
            because,
            evidence: short(&check.evidence),
            fix: check.fix.clone(),
        }
    }
}

/// Drops checks of a later release.
impl From<ReportForm> for Report {
    fn from(form: ReportForm) -> Self {
        Self { at: form.at, checks: form.checks.into_iter().filter_map(check).collect() }
    }
}

fn check(form: CheckForm) -> Option<Check> {
    let severity = form.severity.as_deref().map(|name| Severity::parse(name).unwrap_or(Severity::Critical));
    let result = match (form.because, severity) {
        (Some(because), _) => CheckResult::NotChecked(because),
        (None, Some(severity)) => CheckResult::Finding(severity),
        (None, None) => CheckResult::Good,
    };
    let question = Question::parse(&form.check)?;
    Some(Check { question, subject: form.subject, result, evidence: form.evidence, fix: form.fix })
}
