//! Matrix of the checks: a row for each bastion, a column for each check with a problem, the worst first.

use std::collections::BTreeMap;

use domain::address::Printable;
use domain::decide::posture::{Check, CheckResult, Question};
use domain::record::estate::{Bastion, Estate};
use domain::record::notification::Severity;

/// Row of the checks that belong to no bastion.
const SHARED: &str = "shared";

/// Results of the checks by bastion.
pub(crate) struct Matrix {
    pub(crate) columns: Vec<CheckColumn>,
    pub(crate) rows: Vec<BastionRow>,
    /// Number of checks that are good for every bastion, which have no column.
    pub(crate) good_everywhere: usize,
    /// Rows without a problem.
    pub(crate) good_rows: Vec<String>,
}

pub(crate) struct CheckColumn {
    pub(crate) name: &'static str,
    pub(crate) asks: &'static str,
}

pub(crate) struct BastionRow {
    pub(crate) name: String,
    pub(crate) findings: usize,
    pub(crate) cells: Vec<MatrixCell>,
}

#[derive(Clone)]
pub(crate) struct MatrixCell {
    pub(crate) tone: CellTone,
    /// Anchor of the check in the list.
    pub(crate) anchor: Option<String>,
}

/// Worst result of a cell, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CellTone {
    /// The check does not apply to the bastion.
    Nothing,
    Good,
    NotChecked,
    Info,
    Warning,
    Critical,
}

impl CellTone {
    fn from_result(result: &CheckResult) -> Self {
        match result {
            CheckResult::Good => Self::Good,
            CheckResult::NotChecked(_) => Self::NotChecked,
            CheckResult::Finding(Severity::Info) => Self::Info,
            CheckResult::Finding(Severity::Warning) => Self::Warning,
            CheckResult::Finding(Severity::Critical) => Self::Critical,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "does not apply",
            Self::Good => "good",
            Self::NotChecked => "not checked",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::NotChecked => "not-checked",
            _ => self.name(),
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Good => "·",
            Self::NotChecked => "?",
            Self::Info => "i",
            Self::Warning => "!",
            Self::Critical => "✕",
        }
    }

    /// Information is no finding.
    fn is_finding(self) -> bool {
        self >= Self::Warning
    }
}

impl Matrix {
    /// Creates the matrix of a report.
    pub(crate) fn from_checks(checks: &[Check], estate: &Estate) -> Self {
        let mut cells = BTreeMap::<&str, BTreeMap<Question, MatrixCell>>::new();
        for (index, check) in checks.iter().enumerate() {
            let tone = CellTone::from_result(&check.result);
            for row in rows_of(check, estate) {
                let cell = cells.entry(row).or_default().entry(check.question).or_insert_with(MatrixCell::nothing);
                if tone > cell.tone {
                    *cell = MatrixCell { tone, anchor: (tone > CellTone::Good).then(|| anchor(index)) };
                }
            }
        }
        let results = |question: Question| cells.values().filter_map(move |row| row.get(&question));
        let worst = |question: Question| results(question).map(|cell| cell.tone).max();
        let asked = Question::ALL.iter().filter_map(|question| Some((*question, worst(*question)?)));
        let (good, mut open): (Vec<_>, Vec<_>) = asked.partition(|(_, worst)| *worst <= CellTone::Good);
        let findings = |question: Question| results(question).filter(|cell| cell.tone.is_finding()).count();
        open.sort_by_key(|(question, worst)| std::cmp::Reverse((*worst, findings(*question))));
        let row = |(name, of): (&&str, &BTreeMap<Question, MatrixCell>)| BastionRow {
            name: Printable(name).to_string(),
            findings: of.values().filter(|cell| cell.tone.is_finding()).count(),
            cells: open
                .iter()
                .map(|(question, _)| of.get(question).cloned().unwrap_or_else(MatrixCell::nothing))
                .collect(),
        };
        let (mut rows, good_rows): (Vec<_>, Vec<_>) =
            cells.iter().map(row).partition(|row| row.cells.iter().any(|cell| cell.tone > CellTone::Good));
        rows.sort_by_key(|row| std::cmp::Reverse((row.worst(), row.findings)));
        let column = |(question, _): &(Question, _)| CheckColumn { name: question.name(), asks: question.asks() };
        Self {
            columns: open.iter().map(column).collect(),
            rows,
            good_everywhere: good.len(),
            good_rows: good_rows.into_iter().map(|row| row.name).collect(),
        }
    }
}

impl BastionRow {
    fn worst(&self) -> Option<CellTone> {
        self.cells.iter().map(|cell| cell.tone).max()
    }
}

impl MatrixCell {
    fn nothing() -> Self {
        Self { tone: CellTone::Nothing, anchor: None }
    }
}

/// Anchor of the check with this index.
pub(crate) fn anchor(index: usize) -> String {
    format!("check-{index}")
}

/// Returns the names of the bastions that the subject of a check belongs to: the bastion itself, its containers or
/// their account.
fn rows_of<'a>(check: &Check, estate: &'a Estate) -> Vec<&'a str> {
    let subject = check.subject.as_str();
    let is_of = |bastion: &&Bastion| {
        let containers = bastion.recordings.iter().chain(&bastion.audit_logs);
        bastion.name.as_str() == subject
            || containers.into_iter().any(|at| at.account.as_str() == subject || at.to_string() == subject)
    };
    let named: Vec<&str> = estate.bastions.iter().filter(is_of).map(|bastion| bastion.name.as_str()).collect();
    if named.is_empty() { vec![SHARED] } else { named }
}

#[cfg(test)]
mod tests {
    use domain::address::ContainerAddress;
    use domain::record::estate::BastionName;

    use super::*;

    fn bastion(name: &str) -> Bastion {
        let container = ContainerAddress::parse(&format!("acc{name}"), "recordings").unwrap();
        Bastion {
            name: BastionName::new(name),
            resource_id: None,
            recordings: vec![container],
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        }
    }

    fn check(question: Question, subject: &str, result: CheckResult) -> Check {
        Check { question, subject: subject.to_owned(), result, evidence: String::new(), fix: None }
    }

    #[test]
    fn problems_come_first_and_checks_that_are_good_everywhere_have_no_column() {
        let estate = Estate { bastions: vec![bastion("a"), bastion("b"), bastion("c")] };
        let checks = [
            check(Question::BastionSku, "a", CheckResult::Good),
            check(Question::BastionSku, "b", CheckResult::Finding(Severity::Critical)),
            check(Question::BastionSku, "c", CheckResult::Good),
            check(Question::CorsOrigin, "acca", CheckResult::Finding(Severity::Warning)),
            check(Question::ContainerExists, "accb/recordings", CheckResult::Good),
            check(Question::OwnClock, "clock", CheckResult::NotChecked("it is off".to_owned())),
        ];
        let matrix = Matrix::from_checks(&checks, &estate);
        let columns: Vec<_> = matrix.columns.iter().map(|column| column.name).collect();
        assert_eq!(columns, ["bastion.sku", "cors.origin", "own.clock"]);
        let rows: Vec<_> = matrix.rows.iter().map(|row| (row.name.as_str(), row.findings)).collect();
        assert_eq!(rows, [("b", 1), ("a", 1), ("shared", 0)]);
        assert_eq!((matrix.good_everywhere, matrix.good_rows), (1, vec!["c".to_owned()]));
        assert_eq!(matrix.rows[0].cells[0].anchor.as_deref(), Some("check-1"));
    }
}
