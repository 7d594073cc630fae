//! Combines a question of the setup with its answer.

use super::known::MaybeKnown;
use super::question::Question;
use crate::record::notification::Severity;

/// Result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// As required.
    Good,
    /// Not as required, with this severity.
    Finding(Severity),
    /// Not checked, for this reason. The text continues "not checked, because".
    NotChecked(String),
}

/// Answer to one question about one subject, with evidence and fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Question of the check.
    pub question: Question,
    /// Subject of the check: a bastion, an account, a queue.
    pub subject: String,
    /// Result of the check.
    pub result: CheckResult,
    /// Observed facts. Empty if not checked.
    pub evidence: String,
    /// Fix of a finding: a command, or a place in the portal. `None` if there is no finding.
    pub fix: Option<String>,
}

/// Judgement on a fact.
pub(super) enum FactJudgement {
    Good(String),
    Bad(Severity, String, String),
    Unknown(String),
}

impl Check {
    /// Returns true if there is something to fix, or something optional to set up.
    pub fn is_finding(&self) -> bool {
        matches!(self.result, CheckResult::Finding(_))
    }

    /// Returns true if there is something to fix that is not optional.
    pub fn needs_fix(&self) -> bool {
        self.severity().is_some_and(|severity| severity > Severity::Info)
    }

    /// Key of a finding while it persists: question and subject.
    pub fn key(&self) -> String {
        format!("{}/{}", self.question.name(), self.subject)
    }

    /// Severity of a finding. `None` if there is no finding.
    pub fn severity(&self) -> Option<Severity> {
        match self.result {
            CheckResult::Finding(severity) => Some(severity),
            CheckResult::Good | CheckResult::NotChecked(_) => None,
        }
    }
}

impl Question {
    /// Builds the check of a subject from a judgement.
    pub(super) fn judged(self, subject: &str, judgement: FactJudgement) -> Check {
        let (result, evidence, fix) = match judgement {
            FactJudgement::Good(evidence) => (CheckResult::Good, evidence, None),
            FactJudgement::Bad(severity, evidence, fix) => (CheckResult::Finding(severity), evidence, Some(fix)),
            FactJudgement::Unknown(because) => (CheckResult::NotChecked(because), String::new(), None),
        };
        Check { question: self, subject: subject.to_owned(), result, evidence, fix }
    }

    /// Judges a fact; the check is not done if the fact could not be read.
    pub(super) fn check<T>(self, subject: &str, fact: MaybeKnown<T>, judge: impl FnOnce(T) -> FactJudgement) -> Check {
        match fact {
            MaybeKnown::Read(value) => self.judged(subject, judge(value)),
            MaybeKnown::NotReadable(because) => self.judged(subject, FactJudgement::Unknown(because)),
        }
    }
}

pub(super) fn good(evidence: impl Into<String>) -> FactJudgement {
    FactJudgement::Good(evidence.into())
}

/// Judgement for a finding about something optional.
pub(super) fn information(evidence: impl Into<String>, fix: impl Into<String>) -> FactJudgement {
    FactJudgement::Bad(Severity::Info, evidence.into(), fix.into())
}

/// Judgement for a finding worth a look.
pub(super) fn warning(evidence: impl Into<String>, fix: impl Into<String>) -> FactJudgement {
    FactJudgement::Bad(Severity::Warning, evidence.into(), fix.into())
}

/// Judgement for a finding in need of action.
pub(super) fn critical(evidence: impl Into<String>, fix: impl Into<String>) -> FactJudgement {
    FactJudgement::Bad(Severity::Critical, evidence.into(), fix.into())
}

/// Judgement without an answer.
pub(super) fn unknown(because: impl Into<String>) -> FactJudgement {
    FactJudgement::Unknown(because.into())
}
