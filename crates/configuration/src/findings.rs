//! What was found so far.

use crate::problem::Problem;
use crate::tree::Place;

/// Collects problems while the document is read and checked, and what is merely worth a look.
#[derive(Debug, Default)]
pub struct Findings {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Findings {
    /// Notes what is wrong at a place, and what to do.
    pub fn add(&mut self, place: Place, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(found(place, path, what.into(), remedy.into()));
    }

    /// Notes what means something, but hardly what was meant.
    pub fn warn(&mut self, place: Place, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.warnings.push(found(place, path, what.into(), remedy.into()));
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

fn found(Place { line, column }: Place, path: &str, what: String, remedy: String) -> Problem {
    Problem { line, column, path: path.to_owned(), what, remedy }
}
