//! What is wrong with one text, before its place is known.

/// What is wrong, as a fragment that follows the text, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub what: String,
    pub remedy: String,
}

impl Fault {
    /// Both parts.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
