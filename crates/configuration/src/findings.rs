//! The problems found so far.

use crate::problem::Problem;
use crate::tree::Place;

/// Collects problems while the document is read and checked.
#[derive(Debug, Default)]
pub struct Findings(Vec<Problem>);

impl Findings {
    /// Notes what is wrong at a place, and what to do.
    pub fn add(&mut self, place: Place, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let Place { line, column } = place;
        self.0.push(Problem { line, column, path: path.to_owned(), what: what.into(), remedy: remedy.into() });
    }

    /// The problems in the order of their places.
    pub fn in_order(mut self) -> Vec<Problem> {
        self.0.sort_by_key(|problem| (problem.line, problem.column));
        self.0
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
