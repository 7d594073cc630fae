//! Collector of problems and warnings.

use std::collections::BTreeMap;

use domain::redaction::redacted;

use crate::fault::TextProblem;
use crate::problem::Problem;
use crate::tree::TextPosition;

/// Collects problems and warnings while the document is read and checked.
#[derive(Debug, Default)]
pub struct Findings {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    off: BTreeMap<String, String>,
}

impl Findings {
    /// Adds a problem and its remedy.
    pub fn add(&mut self, place: TextPosition, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(found(place, path, &what.into(), &remedy.into()));
    }

    /// Adds a warning: valid, but probably a mistake.
    pub fn warn(&mut self, place: TextPosition, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.warnings.push(found(place, path, &what.into(), &remedy.into()));
    }

    /// Turns off the channel at a path, because an app setting is missing or invalid.
    pub fn off(&mut self, place: TextPosition, path: &str, TextProblem { what, remedy }: &TextProblem) {
        let channel = path.strip_prefix("notifications.channels.").unwrap_or(path);
        let name = channel.split('.').next().unwrap_or_default().to_owned();
        self.off.entry(name).or_insert_with(|| format!("{what}; {remedy}"));
        self.warn(place, path, format!("{what}, so the channel is off"), remedy);
    }

    /// Takes out the channels that are off, with the reasons.
    pub fn take_off(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.off)
    }

    /// Returns problems and warnings, each ordered by place.
    pub fn in_order(mut self) -> (Vec<Problem>, Vec<Problem>) {
        for list in [&mut self.problems, &mut self.warnings] {
            list.sort_by_key(|problem| (problem.line, problem.column));
        }
        (self.problems, self.warnings)
    }

    /// Returns true if there is no problem.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Redacts all texts: problems repeat keys and values, and any of them may be a secret.
fn found(TextPosition { line, column }: TextPosition, path: &str, what: &str, remedy: &str) -> Problem {
    let [path, what, remedy] = [path, what, remedy].map(|text| redacted(text).into_owned());
    Problem { line, column, path, what, remedy }
}
