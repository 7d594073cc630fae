//! What a recording and its session have in common.

use std::fmt;
use std::sync::Arc;

/// The name that a bastion gives the recordings of a machine and an account, without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinKey(Arc<str>);

impl JoinKey {
    /// Folds a name: case does not count, and a backslash is the slash that clients of storage make of it.
    pub fn fold(name: &str) -> Self {
        let slashed = |letter: char| if letter == '\\' { '/' } else { letter };
        // Nearly every name is ASCII, where each letter stays one.
        let folded: String = if name.is_ascii() {
            name.chars().map(|letter| slashed(letter.to_ascii_lowercase())).collect()
        } else {
            name.chars().flat_map(char::to_lowercase).map(slashed).collect()
        };
        Self(folded.into())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_folded_alike_whatever_else_stands_in_it() {
        assert_eq!(JoinKey::fold("VM-Web_1-CONTOSO\\Ann.2").as_str(), "vm-web_1-contoso/ann.2");
        assert_eq!(JoinKey::fold("VM-Web_1-CONTOSO\\\u{c5}nn.2").as_str(), "vm-web_1-contoso/\u{e5}nn.2");
    }
}
