//! Problems of a configuration, with place and remedy.

use std::fmt;

use domain::address::Printable;
use thiserror::Error;

/// A problem in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Path in the document, such as `bastions[0].recordings.container`; empty for the document itself.
    pub path: String,
    /// Problem as a lower-case fragment. Never shows a secret or the value of an app setting.
    pub what: String,
    /// Remedy, as an instruction.
    pub remedy: String,
}

/// Every problem of one configuration file, in the order of its lines. `Display` writes one line per
/// problem.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Problems {
    /// File name, as the user gave it.
    pub file_name: String,
    /// Problems; never empty.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Problem { line, path, what, remedy, .. }) in self.problems.iter().enumerate() {
            let (end, place) = (if at == 0 { "" } else { "\n" }, if path.is_empty() { "" } else { ": " });
            let file_name = Printable(&self.file_name);
            write!(f, "{end}{file_name}:{line}{place}{}: {}; {remedy}", Printable(path), Printable(what))?;
        }
        Ok(())
    }
}
