//! What different records say in one field.

use std::collections::BTreeSet;

/// How many different texts are kept of one field, the first ones in their order.
const KEPT: usize = 4;
/// How many bytes of a text are kept.
const LONGEST: usize = 1024;

/// The different texts of one field. Which ones are kept depends on the set of texts added, not on their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts(BTreeSet<String>);

impl Texts {
    /// The texts that a store kept.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let mut kept = Self::default();
        texts.into_iter().for_each(|text| kept.add(&text));
        kept
    }

    /// Adds a text; blank ones say nothing.
    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        let text = text[..text.floor_char_boundary(LONGEST)].trim_end();
        if !text.is_empty() && !self.0.contains(text) {
            self.0.insert(text.to_owned());
            self.cut();
        }
    }

    /// Adds all texts of another.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
        self.cut();
    }

    /// The texts, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, where all records agree on it; case does not count.
    pub fn agreed(&self) -> Option<&str> {
        self.0.first().map(String::as_str).filter(|_| !self.differ())
    }

    /// Whether records contradict each other.
    pub fn differ(&self) -> bool {
        let mut others = self.0.iter();
        let Some(first) = others.next().filter(|_| self.0.len() > 1).map(|first| first.to_lowercase()) else {
            return false;
        };
        others.any(|text| text.to_lowercase() != first)
    }

    fn cut(&mut self) {
        while self.0.len() > KEPT {
            self.0.pop_last();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_texts_are_kept_does_not_depend_on_the_order() {
        let words = ["f", "b", "a", "e", "d", "c"];
        let forth = Texts::new(words.map(str::to_owned));
        let back = Texts::new(words.iter().rev().map(|word| (*word).to_owned()));
        assert_eq!(forth, back);
        assert_eq!(forth.iter().collect::<String>(), "abcd");
    }

    #[test]
    fn texts_agree_where_only_their_case_differs() {
        let same = Texts::new(["VM-WEB".to_owned(), "vm-web".to_owned(), " ".to_owned()]);
        assert_eq!(same.agreed(), Some("VM-WEB"));
        let other = Texts::new(["ann@contoso.com".to_owned(), "bob@contoso.com".to_owned()]);
        assert_eq!(other.agreed(), None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let long = Texts::new(["é".repeat(LONGEST)]);
        assert_eq!(long.iter().next().map(str::len), Some(LONGEST));
    }
}
