//! Meaning of a search.

use serde::Serialize;

use crate::query::{SearchWord, UnknownWord};

/// Word of a search with its meaning.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnderstoodView {
    /// The word as typed.
    pub word: String,
    /// Its meaning in words, for people.
    pub meaning: String,
}

/// Word of a search that no name has.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SuggestionView {
    /// The word as typed.
    pub word: String,
    /// Similar words that find recordings, the nearest first, at most five.
    pub nearest: Vec<String>,
}

impl UnderstoodView {
    pub(super) fn from_word(word: &SearchWord) -> Self {
        Self { word: word.text.clone(), meaning: word.explained() }
    }
}

impl SuggestionView {
    pub(super) fn from_word(word: &UnknownWord) -> Self {
        Self { word: word.text.clone(), nearest: word.nearest.clone() }
    }
}
