//! Key that a recording and its session share.

use std::fmt;
use std::sync::Arc;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Name that a bastion gives the recordings of a machine and an account, folded for comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinKey(Arc<str>);

impl JoinKey {
    /// Folds a name of a blob, or one made from a session, so both compare equal despite different spelling.
    ///
    /// - Ignores case, also if upper case has other letters than lower case (`ß` and `SS`).
    /// - Treats composed and decomposed letters alike.
    /// - Treats a backslash as a slash, because storage clients convert it.
    /// - Drops whitespace at both ends and beside punctuation, and collapses other whitespace: a log trims an account,
    ///   a blob name keeps it as typed.
    /// - Drops trailing dots, because they are lost if a name is part of a URL.
    ///
    /// Idempotent.
    pub fn fold(name: &str) -> Self {
        // Fast path: nearly every name is ASCII without whitespace, and folding maps its letters one to one.
        let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic()) && !name.ends_with('.');
        if is_plain {
            let folded: String = name.chars().map(|letter| slashed(letter.to_ascii_lowercase())).collect();
            return Self(folded.into());
        }
        let letters =
            name.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        let folded: String = letters.map(slashed).collect();
        let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&folded);
        Self(without_blanks(&composed).into())
    }

    /// Returns the folded name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn slashed(letter: char) -> char {
    if letter == '\\' { '/' } else { letter }
}

/// Removes insignificant whitespace and trailing dots.
fn without_blanks(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        let follows_word = kept.chars().next_back().is_some_and(|last| !last.is_ascii_punctuation());
        if follows_word && !word.starts_with(|first: char| first.is_ascii_punctuation()) {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    kept.truncate(kept.trim_end_matches('.').len());
    kept
}

impl fmt::Display for JoinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(name: &str) -> String {
        JoinKey::fold(name).as_str().to_owned()
    }

    #[test]
    fn non_ascii_letters_do_not_change_the_folding_of_a_name() {
        assert_eq!(folded("VM-Web_1-CONTOSO\\Ann.2"), "vm-web_1-contoso/ann.2");
        assert_eq!(folded("VM-Web_1-CONTOSO\\\u{c5}nn.2"), "vm-web_1-contoso/\u{e5}nn.2");
    }

    #[test]
    fn spellings_of_one_name_fold_alike() {
        for (one, other) in [
            ("vm-ops ", "vm-ops"),
            ("vm- ops", "vm-ops"),
            ("vm-CONTOSO\\ ops", "vm-contoso/ops"),
            ("vm-ada  lovelace", "vm-ada\u{a0}Lovelace"),
            ("vm-ops.", "vm-ops"),
            ("vm-ops. .", "vm-ops"),
            ("vm-\u{e9}ve", "vm-E\u{301}VE"),
            ("vm-stra\u{df}e", "vm-STRASSE"),
            ("vm-\u{3a3}\u{3c3}\u{3c2}", "vm-\u{3c3}\u{3a3}\u{3a3}"),
            ("vm-\u{130}lk", "vm-I\u{307}LK"),
        ] {
            assert_eq!(folded(one), folded(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn names_that_differ_in_more_than_their_spelling_stay_apart() {
        for (one, other) in [("vm-a b", "vm-ab"), ("vm-ops.7", "vm-ops.70"), ("vm-e", "vm-\u{e9}"), ("vm-a.b", "vm-ab")]
        {
            assert_ne!(folded(one), folded(other), "{one:?} {other:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_a_folded_name_changes_nothing(name in "\\PC{0,12}|[a-zA-Z ._\\\\-]{0,12}|[ßŉİıΣςſǰΐẞ\u{301}\u{307} .-]{0,8}") {
            let once = folded(&name);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
