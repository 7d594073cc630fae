//! The search box: words that all must hold for a recording.
//!
//! A word is a day or range of days, a state, an id, or else a part of a name. The vocabulary of the catalogue leads from a
//! part of a name to the headings with it, so a search reads the recordings under these headings only ([`drive`]).

mod drive;
mod ids;
mod merge;
mod nearest;
mod parse;
mod parts;

#[cfg(test)]
mod tests;

use domain::policy::retention::RetentionVerdict;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;

use self::ids::IdWord;
use super::TimeRange;
use crate::ports::Heading;
use crate::summary::is_held;

pub(super) use drive::{Reading, reading};
pub(super) use merge::{MergeBounds, merged};
pub use nearest::UnknownWord;
pub use parse::{LONGEST_SEARCH, MOST_SEARCH_WORDS, NotASearch, SearchText};

/// Words that all must hold for a recording. The default has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    words: Vec<SearchWord>,
    now: Timestamp,
}

/// Word of a search as understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWord {
    /// The word as typed, with its quotes.
    pub text: String,
    meaning: WordMeaning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum WordMeaning {
    /// Creation time, with the days in words.
    Created {
        range: TimeRange,
        explained: String,
    },
    State(RecordingState),
    /// Name of a [`Match`](domain::record::join::Match).
    Match(&'static str),
    Held,
    Due,
    Id(IdWord),
    /// Part of a name, folded.
    Part(String),
}

impl SearchWord {
    /// Returns the meaning in words.
    pub fn explained(&self) -> String {
        match &self.meaning {
            WordMeaning::Created { explained, .. } => explained.clone(),
            WordMeaning::State(state) => format!("State: {}", state.name()),
            WordMeaning::Match(name) => format!("Session: {name}"),
            WordMeaning::Held => "Under legal hold".to_owned(),
            WordMeaning::Due => "Due: the last day is over".to_owned(),
            WordMeaning::Id(id) => id.explained(),
            WordMeaning::Part(part) => format!("Person, machine or name: {part}"),
        }
    }
}

impl Search {
    /// Returns the words in their order.
    pub fn words(&self) -> &[SearchWord] {
        &self.words
    }

    /// Returns the text of the search with another text for the word at this index; an empty text removes the word.
    pub fn with(&self, index: usize, text: &str) -> String {
        let words = self.words.iter().enumerate().map(|(at, word)| if at == index { text } else { &word.text });
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Returns the part of the range that holds the days of all words.
    pub(super) fn created(&self, within: TimeRange) -> TimeRange {
        self.words.iter().fold(within, |within, word| match &word.meaning {
            WordMeaning::Created { range, .. } => within.and(*range),
            _ => within,
        })
    }

    /// Returns the headings of states and sessions that the words name.
    pub(super) fn headings(&self) -> impl Iterator<Item = Heading> + '_ {
        self.words.iter().filter_map(|word| match &word.meaning {
            WordMeaning::State(state) => Some(Heading::State(*state)),
            WordMeaning::Match(name) => Some(Heading::Match((*name).to_owned())),
            WordMeaning::Id(IdWord::Tunnel(tunnel)) => Some(Heading::Session(tunnel.as_str().to_owned())),
            _ => None,
        })
    }

    /// Returns the recording that a word names by its whole id.
    pub(super) fn recording(&self) -> Option<RecordingId> {
        self.words.iter().find_map(|word| match word.meaning {
            WordMeaning::Id(IdWord::Whole(id)) => Some(id),
            _ => None,
        })
    }

    /// Returns the parts of names, with the index of their word.
    fn parts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.words.iter().enumerate().filter_map(|(index, word)| match &word.meaning {
            WordMeaning::Part(part) => Some((index, part.as_str())),
            _ => None,
        })
    }

    /// Returns true if [`Self::fits`] may drop an entry that is under one of these headings.
    pub(super) fn drops(&self, under: &[Heading]) -> bool {
        self.words.iter().any(|word| match &word.meaning {
            WordMeaning::Created { .. } | WordMeaning::State(_) | WordMeaning::Match(_) => false,
            WordMeaning::Held | WordMeaning::Due | WordMeaning::Id(_) => true,
            WordMeaning::Part(part) => {
                under.is_empty() || !under.iter().all(|heading| parts::heading_has(heading, part))
            }
        })
    }

    /// Returns true if the entry fits all words other than days, states and sessions.
    pub(super) fn fits(&self, entry: &Entry) -> bool {
        self.words.iter().all(|word| match &word.meaning {
            WordMeaning::Created { .. } | WordMeaning::State(_) | WordMeaning::Match(_) => true,
            WordMeaning::Held => is_held(entry),
            WordMeaning::Due => {
                entry.state.is_there() && RetentionVerdict::from_entry(entry, self.now) == RetentionVerdict::Due
            }
            WordMeaning::Id(id) => id.fits(entry.id),
            WordMeaning::Part(part) => parts::names(entry, part),
        })
    }
}
