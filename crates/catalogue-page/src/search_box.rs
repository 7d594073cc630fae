//! The search box: its text, what each word means, and similar words if no name has one.

use domain::address::Printable;
use pipeline::query::{NotASearch, Search, SearchText, SearchWord, UnknownWord};

use crate::NavigationEntry;
use crate::form::PageQuery;

/// Name of the search box in a query.
const NAME: &str = "q";

/// Search box as shown.
pub(crate) struct SearchBox {
    pub(crate) text: String,
    pub(crate) problem: Option<String>,
    pub(crate) chips: Vec<SearchChip>,
    pub(crate) unknown: Vec<UnknownText>,
}

/// Word of the search with its meaning.
pub(crate) struct SearchChip {
    pub(crate) word: String,
    pub(crate) meaning: String,
    /// Path of the search without the word.
    pub(crate) without: String,
}

/// Word that no name has.
pub(crate) struct UnknownText {
    pub(crate) word: String,
    /// Similar words, with the path of the search with each.
    pub(crate) nearest: Vec<(String, String)>,
}

/// Parses the text of the search box.
pub(crate) fn text(asked: &PageQuery) -> Result<SearchText, NotASearch> {
    SearchText::parse(asked.get(NAME).unwrap_or_default())
}

fn printable(text: &str) -> String {
    Printable(text).to_string()
}

impl SearchBox {
    /// Creates the box before the search is made.
    pub(crate) fn new(asked: &PageQuery, parsed: &Result<SearchText, NotASearch>) -> Self {
        let text = asked.get(NAME).unwrap_or_default().to_owned();
        let problem = parsed.as_ref().err().map(ToString::to_string);
        Self { text, problem, chips: Vec::new(), unknown: Vec::new() }
    }

    /// Adds the meaning of the words, and similar words for those that no name has.
    pub(crate) fn understood(&mut self, asked: &PageQuery, search: &Search, unknown: &[UnknownWord]) {
        let path =
            |index, text: &str| asked.path_with(NavigationEntry::Recordings.path(), NAME, &search.with(index, text));
        let chip = |(index, word): (usize, &SearchWord)| SearchChip {
            word: printable(&word.text),
            meaning: printable(&word.explained()),
            without: path(index, ""),
        };
        self.chips = search.words().iter().enumerate().map(chip).collect();
        let similar = |word: &UnknownWord| UnknownText {
            word: printable(&word.text),
            nearest: word.nearest.iter().map(|near| (printable(near), path(word.index, near))).collect(),
        };
        self.unknown = unknown.iter().map(similar).collect();
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::RecordingsPage;

    fn asked(pairs: &[(&str, &str)]) -> PageQuery {
        PageQuery::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn each_word_has_its_meaning_and_a_link_without_it() {
        let asked = asked(&[("q", "anna tue"), ("class", "pci"), ("cursor", "c")]);
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let (form, query) = RecordingsPage::asked(&asked, [], now, &TimeZone::UTC);
        let search = form.search.unwrap();
        let chips: Vec<_> = search.chips.iter().map(|chip| (chip.meaning.as_str(), chip.without.as_str())).collect();
        assert_eq!(
            chips,
            [
                ("Person, machine or name: anna", "/ui/recordings?class=pci&q=tue"),
                ("Tuesday 2026-11-24", "/ui/recordings?class=pci&q=anna"),
            ]
        );
        assert!(form.is_filtered && query.is_some());
    }

    #[test]
    fn a_similar_word_replaces_the_one_that_no_name_has() {
        let asked = asked(&[("q", "anma tue")]);
        let now = Timestamp::UNIX_EPOCH;
        let (mut form, query) = RecordingsPage::asked(&asked, [], now, &TimeZone::UTC);
        let unknown = [UnknownWord { index: 0, text: "anma".to_owned(), nearest: vec!["\u{202e}anna".to_owned()] }];
        RecordingsPage::suggest(&mut form, &asked, &query.unwrap(), &unknown);
        let near = &form.search.unwrap().unknown[0].nearest;
        assert_eq!(near[..], [("\\u{202e}anna".to_owned(), "/ui/recordings?q=%E2%80%AEanna%20tue".to_owned())]);
    }

    #[test]
    fn a_wrong_word_is_a_problem_of_the_box_and_no_query() {
        let asked = asked(&[("q", "2026-13-40")]);
        let (form, query) = RecordingsPage::asked(&asked, [], Timestamp::UNIX_EPOCH, &TimeZone::UTC);
        assert!(query.is_none() && !form.is_filtered);
        assert!(form.search.is_some_and(|search| search.problem.is_some_and(|problem| problem.contains("2026-13-40"))));
    }
}
