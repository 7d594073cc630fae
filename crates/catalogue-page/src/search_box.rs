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
