//! What was found so far.

use std::collections::BTreeMap;

use domain::redaction::redacted;

use crate::fault::Fault;
use crate::problem::Problem;
use crate::tree::Place;

/// Collects problems while the document is read and checked, and what is merely worth a look.
#[derive(Debug, Default)]
pub struct Findings {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    off: BTreeMap<String, String>,
}

impl Findings {
    /// Notes what is wrong at a place, and what to do.
    pub fn add(&mut self, place: Place, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(found(place, path, &what.into(), &remedy.into()));
    }

    /// Notes what means something, but hardly what was meant.
    pub fn warn(&mut self, place: Place, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.warnings.push(found(place, path, &what.into(), &remedy.into()));
    }

    /// Turns the channel at a path off: an app setting does not give what it needs.
    pub fn off(&mut self, place: Place, path: &str, Fault { what, remedy }: &Fault) {
        let channel = path.strip_prefix("notifications.channels.").unwrap_or(path);
        let name = channel.split('.').next().unwrap_or_default().to_owned();
        self.off.entry(name).or_insert_with(|| format!("{what}; {remedy}"));
        self.warn(place, path, format!("{what}, so the channel is off"), remedy);
    }

    /// Takes out the channels that are off, each with the reason.
    pub fn take_off(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.off)
    }

    /// The problems and the warnings, each in the order of their places.
    pub fn in_order(mut self) -> (Vec<Problem>, Vec<Problem>) {
        for list in [&mut self.problems, &mut self.warnings] {
            list.sort_by_key(|problem| (problem.line, problem.column));
        }
        (self.problems, self.warnings)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Keys and values are repeated in problems, and a secret may stand in the place of any of them.
fn found(Place { line, column }: Place, path: &str, what: &str, remedy: &str) -> Problem {
    let [path, what, remedy] = [path, what, remedy].map(|text| redacted(text).into_owned());
    Problem { line, column, path, what, remedy }
}
