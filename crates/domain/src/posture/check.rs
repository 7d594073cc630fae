//! One question with its answer.

use super::known::Known;
use super::question::Question;
use crate::notification::Severity;

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// As it should be.
    Good,
    /// Not as it should be, and so urgent.
    Finding(Severity),
    /// Nobody knows, for this reason: it reads well after "not checked, because".
    NotChecked(String),
}

/// One question about one thing, with what was seen and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was asked.
    pub question: Question,
    /// What it was asked about: a bastion, an account, a queue.
    pub subject: String,
    /// The answer.
    pub standing: Standing,
    /// What was seen. Empty where nothing was checked.
    pub evidence: String,
    /// What mends a finding: a command, or where in the portal. `None` for all but findings.
    pub fix: Option<String>,
}

/// What a judge says of a fact that was read.
pub(super) enum Said {
    Good(String),
    Bad(Severity, String, String),
    Unknown(String),
}

impl Check {
    /// Whether something is to be mended.
    pub fn is_finding(&self) -> bool {
        matches!(self.standing, Standing::Finding(_))
    }

    /// What stays the same while a finding is the same one: the question and what it is about.
    pub fn key(&self) -> String {
        format!("{}/{}", self.question.name(), self.subject)
    }

    /// How urgent a finding is.
    pub fn severity(&self) -> Option<Severity> {
        match self.standing {
            Standing::Finding(severity) => Some(severity),
            Standing::Good | Standing::NotChecked(_) => None,
        }
    }
}

impl Question {
    /// The answer as it is said.
    pub(super) fn said(self, subject: &str, said: Said) -> Check {
        let (standing, evidence, fix) = match said {
            Said::Good(evidence) => (Standing::Good, evidence, None),
            Said::Bad(severity, evidence, fix) => (Standing::Finding(severity), evidence, Some(fix)),
            Said::Unknown(because) => (Standing::NotChecked(because), String::new(), None),
        };
        Check { question: self, subject: subject.to_owned(), standing, evidence, fix }
    }

    /// The answer that a fact gives; not checked where the fact is not known.
    pub(super) fn of<T>(self, subject: &str, fact: Known<T>, judge: impl FnOnce(T) -> Said) -> Check {
        match fact {
            Known::Read(value) => self.said(subject, judge(value)),
            Known::NotReadable(because) => self.said(subject, Said::Unknown(because)),
        }
    }
}

/// A good answer.
pub(super) fn good(evidence: impl Into<String>) -> Said {
    Said::Good(evidence.into())
}

/// An answer that somebody should look at.
pub(super) fn warning(evidence: impl Into<String>, fix: impl Into<String>) -> Said {
    Said::Bad(Severity::Warning, evidence.into(), fix.into())
}

/// An answer on which somebody must act.
pub(super) fn critical(evidence: impl Into<String>, fix: impl Into<String>) -> Said {
    Said::Bad(Severity::Critical, evidence.into(), fix.into())
}

/// No answer.
pub(super) fn unknown(because: impl Into<String>) -> Said {
    Said::Unknown(because.into())
}
