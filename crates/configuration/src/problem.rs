//! What is wrong with a configuration, where, and what to write instead.

use std::fmt;

use domain::address::Printable;
use thiserror::Error;

/// One thing wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// Where in the document, as `bastions[0].recordings.container`; empty for the document itself.
    pub path: String,
    /// What is wrong, as a lower-case fragment. Never shows a secret or the value of an app setting.
    pub what: String,
    /// What to do about it, as an instruction.
    pub remedy: String,
}

/// Every problem of one configuration file, in the order of its lines. Printed, each takes one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Problems {
    /// The file, as the user named it.
    pub file_name: String,
    /// The problems; never empty.
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
