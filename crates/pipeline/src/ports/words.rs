//! Words of headings: the vocabulary by which a search finds them.
//!
//! A word begins at a letter or digit that follows another character, at a digit that follows a letter, or at the
//! beginning of a text, and reaches to the end of the text. So `sql-3` begins a word of `vm-sql-3`, and `smith` one of
//! `anna.smith@contoso.example`. Case is ignored.

use std::collections::BTreeSet;

use super::Heading;

/// Number of words of one text. A longer text has no further ones.
const MOST_WORDS: usize = 32;
/// Number of characters by which the vocabulary tells words apart.
const LONGEST_WORD: usize = 64;

/// Folds a text for comparison, letter by letter, so that a part of a text folds to a part of the folded text.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter }).collect()
}

/// Cuts a folded word to the length that the vocabulary holds.
pub fn cut(word: &str) -> &str {
    word.char_indices().nth(LONGEST_WORD).map_or(word, |(end, _)| &word[..end])
}

/// Returns the byte positions at which the words of a folded text begin.
pub(crate) fn beginnings(folded: &str) -> impl Iterator<Item = usize> {
    let mut before = None;
    let begins = move |letter: &(usize, char)| {
        let letter = letter.1;
        let is_inside = before
            .replace(letter)
            .is_some_and(|last: char| last.is_alphanumeric() && (last.is_numeric() || !letter.is_numeric()));
        letter.is_alphanumeric() && !is_inside
    };
    folded.char_indices().filter(begins).map(|(at, _)| at).take(MOST_WORDS)
}

impl Heading {
    /// Returns true if a search finds recordings by a part of this heading.
    pub fn is_searched(&self) -> bool {
        match self {
            Self::Person(_) | Self::Machine(_) | Self::Account(_) | Self::Bastion(_) | Self::Stem(_) => true,
            Self::State(_) | Self::Match(_) | Self::Session(_) | Self::Deleted(_) => false,
        }
    }

    /// Returns the words under which the vocabulary lists this heading, folded and cut; none unless it is searched.
    pub fn words(&self) -> BTreeSet<String> {
        if !self.is_searched() {
            return BTreeSet::new();
        }
        let folded = fold(self.value());
        beginnings(&folded).map(|at| cut(&folded[at..]).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(value: &str) -> Vec<String> {
        Heading::Machine(value.to_owned()).words().into_iter().collect()
    }

    #[test]
    fn a_word_begins_after_punctuation_and_at_a_digit_after_a_letter() {
        assert_eq!(words("VM-Sql-3"), ["3", "sql-3", "vm-sql-3"]);
        assert_eq!(words("anna.smith@corp"), ["anna.smith@corp", "corp", "smith@corp"]);
        assert_eq!(words("web01a"), ["01a", "web01a"]);
        assert_eq!(words("--_x"), ["x"]);
        assert!(words("...").is_empty() && words("").is_empty());
    }

    #[test]
    fn only_names_have_words() {
        assert!(Heading::Session("tunnel".to_owned()).words().is_empty());
        assert!(Heading::Match("matched".to_owned()).words().is_empty());
    }

    #[test]
    fn a_long_text_has_a_limited_number_of_cut_words() {
        let long = words(&"\u{1f511}a".repeat(500));
        assert_eq!(long.len(), 1, "all its words begin alike");
        assert_eq!(long[0].chars().count(), LONGEST_WORD);
        assert_eq!(words(&(0..500).map(|n| format!("{n}-")).collect::<String>()).len(), MOST_WORDS);
    }

    #[test]
    fn letters_fold_independent_of_their_neighbours() {
        assert_eq!(fold("ΣΣ"), fold("σς"));
        assert!(fold("ΟΔΟΣ-1").starts_with(&fold("ΟΔΟΣ")));
    }
}
