//! Distinct values of one field over several records.

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::sync::Arc;

/// Maximum number of distinct texts per field, in sort order. Texts that differ only in case count as one, so a dropped
/// text never hides a contradiction.
const KEPT: usize = 4;
/// Maximum length of a text, in bytes.
const LONGEST: usize = 1024;
/// Last character of a truncated text.
const CUT: char = '…';

/// Distinct texts of one field. The set of added texts decides which ones are kept, not their order. Clones share the
/// texts.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// First text in sort order; most fields have no other.
    first: Option<Arc<str>>,
    /// Other texts in sort order.
    others: Vec<Arc<str>>,
}

impl Texts {
    /// Restores the texts from a store.
    pub fn new(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut kept = Self::default();
        texts.into_iter().for_each(|text| kept.add(text.as_ref()));
        kept
    }

    /// Adds a text; blank texts are ignored.
    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        let text = if text.len() > LONGEST {
            Cow::from(format!("{}{CUT}", &text[..text.floor_char_boundary(LONGEST - CUT.len_utf8())]))
        } else {
            Cow::from(text)
        };
        if !text.is_empty() && !self.has(&text) {
            self.insert(text.into());
        }
    }

    /// Adds all texts of another field.
    pub fn merge(&mut self, other: &Self) {
        for text in other.shared() {
            if !self.has(text) {
                self.insert(text.clone());
            }
        }
    }

    /// Iterates over the texts in sort order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.shared().map(|text| &**text)
    }

    /// True if there is no text.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Returns the text if all records agree on it, ignoring case. `None` if it was truncated: the rest may differ.
    pub fn agreed(&self) -> Option<&Arc<str>> {
        self.first.as_ref().filter(|text| !self.differ() && !text.ends_with(CUT))
    }

    /// True if records contradict each other.
    pub fn differ(&self) -> bool {
        !self.others.is_empty()
    }

    /// Iterates over the shared texts in sort order.
    pub(crate) fn shared(&self) -> impl Iterator<Item = &Arc<str>> {
        self.first.iter().chain(&self.others)
    }

    fn has(&self, text: &str) -> bool {
        self.iter().any(|known| known == text)
    }

    /// Inserts a new text at its place. Of texts that differ only in case, the first in sort order is kept.
    fn insert(&mut self, text: Arc<str>) {
        let same = self.shared().find(|known| is_same(known, &text)).cloned();
        if let Some(same) = same {
            if same < text {
                return;
            }
            self.remove(&same);
        }
        let later = match &mut self.first {
            None => {
                self.first = Some(text);
                return;
            }
            Some(first) if text < *first => mem::replace(first, text),
            Some(_) => text,
        };
        let place = self.others.partition_point(|other| *other < later);
        self.others.insert(place, later);
        self.others.truncate(KEPT - 1);
    }

    fn remove(&mut self, text: &Arc<str>) {
        if self.first.as_ref() == Some(text) {
            self.first = if self.others.is_empty() { None } else { Some(self.others.remove(0)) };
        } else {
            self.others.retain(|other| other != text);
        }
    }
}

/// True if the texts are equal ignoring case.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase())
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.shared()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_kept_do_not_depend_on_their_order() {
        let words = ["f", "b", "a", "e", "d", "c"];
        let forth = Texts::new(words);
        let back = Texts::new(words.iter().rev());
        assert_eq!(forth, back);
        assert_eq!(forth.iter().collect::<String>(), "abcd");
    }

    #[test]
    fn texts_agree_if_only_their_case_differs() {
        let same = Texts::new(["VM-WEB".to_owned(), "vm-web".to_owned(), " ".to_owned()]);
        assert_eq!(same.agreed().map(|text| &**text), Some("VM-WEB"));
        let other = Texts::new(["ann@contoso.com".to_owned(), "bob@contoso.com".to_owned()]);
        assert_eq!(other.agreed(), None);
    }

    #[test]
    fn spelling_variants_do_not_hide_a_contradiction() {
        let ways = ["ANN@C", "ANn@C", "ANn@c", "AnN@C", "Ann@c", "ann@c", "bob@c"];
        let (forth, back) = (Texts::new(ways), Texts::new(ways.iter().rev()));
        assert_eq!(forth, back);
        assert!(forth.differ() && forth.agreed().is_none(), "{forth:?}");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let long = Texts::new(["é".repeat(LONGEST)]);
        assert_eq!(long.iter().next().map(str::len), Some(LONGEST - 1));
        assert_eq!(long.agreed(), None, "what was cut off may differ");
    }
}
