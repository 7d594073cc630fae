//! What a recording and its session have in common.

use std::fmt;

/// The name that a bastion gives the recordings of a machine and an account, without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinKey(String);

impl JoinKey {
    /// Folds a name: case does not count, and a backslash is the slash that clients of storage make of it.
    pub fn fold(name: &str) -> Self {
        Self(name.chars().flat_map(char::to_lowercase).map(|c| if c == '\\' { '/' } else { c }).collect())
    }

    /// The folded name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JoinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
