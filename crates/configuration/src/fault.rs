//! Problem of one text, before its place in the file is known.

/// Problem as a fragment that follows the text, and its remedy.
#[derive(Debug, PartialEq, Eq)]
pub struct TextProblem {
    pub what: String,
    pub remedy: String,
}

impl TextProblem {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
