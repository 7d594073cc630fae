//! Checks the repository rules that no lint covers. `cargo xtask tidy` and the test below run the same check.

mod arrow;
mod binaries;
mod dependencies;
mod domain;
mod failures;
mod fixtures;
mod functions;
mod ignored;
mod invariants;
mod layers;
mod links;
mod names;
mod size;
mod source;
mod status_codes;
mod threats;
mod traces;
mod tree;
mod workflows;

use std::fmt;

use crate::step::{StepError, step};
pub use functions::{binding, is_function_name};
use tree::Tree;

/// Every rule. Each returns its findings and has a test that it can fail.
const RULES: [fn(&Tree) -> Vec<Finding>; 16] = [
    arrow::check,
    binaries::check,
    dependencies::check,
    domain::check,
    failures::check,
    fixtures::check,
    functions::check,
    invariants::check,
    layers::check,
    links::check,
    names::check,
    size::check,
    status_codes::check,
    threats::check,
    traces::check,
    workflows::check,
];

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// Line number counted from 1; 0 for the whole file.
    line: usize,
    what: String,
}

impl Finding {
    fn file(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::line(path, 0, what)
    }

    fn line(path: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// Checks the tree and prints every finding. Returns an error if there are any.
pub fn run() -> Result<(), StepError> {
    step("tidy", "fix each place listed above; CONTRIBUTING.md has the reasons", || {
        let findings = check(&Tree::read()?);
        for finding in &findings {
            println!("{finding}");
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(StepError::Untidy(findings.len()))
        }
    })
}

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<_> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    findings.sort();
    findings
}

#[cfg(test)]
mod tests {
    use super::{Finding, check, tree::Tree};

    #[test]
    fn the_tree_is_tidy() {
        let findings = check(&Tree::read().unwrap());
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{} findings:\n{}", lines.len(), lines.join("\n"));
    }

    #[test]
    fn a_finding_reads_like_a_compiler_message() {
        assert_eq!(Finding::line("a.rs", 3, "too wide").to_string(), "a.rs:3: too wide");
        assert_eq!(Finding::file("a.rs", "too long").to_string(), "a.rs: too long");
    }
}
