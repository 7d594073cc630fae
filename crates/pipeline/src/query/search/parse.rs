//! Parses the text of a search box.

use domain::record::catalogue::RecordingState;
use domain::record::join::Match;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use thiserror::Error;

use super::super::days::{DayWord, NotDays};
use super::ids::IdWord;
use super::{Search, SearchWord, WordMeaning};
use crate::ports::fold;

/// Maximum length of a search, in bytes.
pub const LONGEST_SEARCH: usize = 256;
/// Maximum number of words of a search.
pub const MOST_SEARCH_WORDS: usize = 12;

/// Parsed text of a search box; its days are still relative.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchText(Vec<(String, Word)>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Day(DayWord),
    Plain(WordMeaning),
}

/// Text that is no search.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the search {}; write {}", self.problem(), self.advice())]
pub struct NotASearch {
    kind: SearchProblem,
    word: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SearchProblem {
    TooLong,
    TooManyWords,
    NotADay,
    Reversed,
    NoName,
}

impl NotASearch {
    fn new(kind: SearchProblem, word: &str) -> Self {
        Self { kind, word: word.to_owned() }
    }

    /// What is wrong, to follow the name of the parameter.
    pub fn problem(&self) -> &'static str {
        match self.kind {
            SearchProblem::TooLong => "is too long",
            SearchProblem::TooManyWords => "has too many words",
            SearchProblem::NotADay => "has a day that does not exist",
            SearchProblem::Reversed => "has a range that ends before it begins",
            SearchProblem::NoName => "has a word without a letter or digit",
        }
    }

    /// What to write instead of which word.
    pub fn advice(&self) -> String {
        let advice = match self.kind {
            SearchProblem::TooLong => format!("at most {LONGEST_SEARCH} bytes"),
            SearchProblem::TooManyWords => format!("at most {MOST_SEARCH_WORDS} words"),
            SearchProblem::NotADay => {
                "a day (2026-11-17), a month (2026-11), a week (w42, 2026-w42), a range (2026-11-17..2026-11-20), or days (7d, 2w)"
                    .to_owned()
            }
            SearchProblem::Reversed => "the earlier day first".to_owned(),
            SearchProblem::NoName => "a part of a name".to_owned(),
        };
        if self.word.is_empty() {
            advice
        } else {
            format!("{advice} instead of {:?}", self.word)
        }
    }
}

impl SearchText {
    /// Parses a text; an empty one has no words and finds everything.
    pub fn parse(text: &str) -> Result<Self, NotASearch> {
        if text.len() > LONGEST_SEARCH {
            return Err(NotASearch::new(SearchProblem::TooLong, ""));
        }
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (length, word) = first(rest)?;
            words.push((rest[..length].trim_end().to_owned(), word));
            rest = rest[length..].trim_start();
        }
        match words.len() {
            0..=MOST_SEARCH_WORDS => Ok(Self(words)),
            _ => Err(NotASearch::new(SearchProblem::TooManyWords, "")),
        }
    }

    /// Returns the search at a time, with the days of a time zone.
    pub fn at(&self, now: Timestamp, zone: &TimeZone) -> Search {
        let today = now.to_zoned(zone.clone()).date();
        let words = self.0.iter().map(|(text, word)| {
            let meaning = match word {
                Word::Plain(meaning) => meaning.clone(),
                Word::Day(day) => {
                    let days = day.days(today);
                    WordMeaning::Created { range: days.range(zone), explained: explained(days.explained(), zone) }
                }
            };
            SearchWord { text: text.clone(), meaning }
        });
        Search { words: words.collect(), now }
    }
}

fn explained(days: String, zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) if *zone != TimeZone::UTC => format!("{days}, {name}"),
        _ => days,
    }
}

/// Parses the first word, and returns its length.
fn first(text: &str) -> Result<(usize, Word), NotASearch> {
    if let Some((inner, _)) = text.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
        let length = inner.len() + 2;
        return part(inner).map(|part| (length, part)).ok_or_else(|| no_name(&text[..length]));
    }
    let length = text.find(char::is_whitespace).unwrap_or(text.len());
    let (typed, rest) = text.split_at(length);
    let folded = fold(typed);
    let next = rest.split_whitespace().next().unwrap_or_default();
    if let Some(period) = DayWord::two(&folded, &fold(next)) {
        let blanks = rest.len() - rest.trim_start().len();
        return Ok((length + blanks + next.len(), Word::Day(period)));
    }
    if let Some(id) = IdWord::read(&folded) {
        return Ok((length, Word::Plain(WordMeaning::Id(id))));
    }
    if let Some(day) = DayWord::read(&folded) {
        let kind = |problem| match problem {
            NotDays::Missing => SearchProblem::NotADay,
            NotDays::Reversed => SearchProblem::Reversed,
        };
        return day.map(|day| (length, Word::Day(day))).map_err(|problem| NotASearch::new(kind(problem), typed));
    }
    let word = keyword(&folded).map(Word::Plain).or_else(|| part(typed));
    word.map(|word| (length, word)).ok_or_else(|| no_name(typed))
}

fn no_name(word: &str) -> NotASearch {
    NotASearch::new(SearchProblem::NoName, word)
}

fn keyword(word: &str) -> Option<WordMeaning> {
    let state = RecordingState::parse(word).map(WordMeaning::State);
    let matching = || Match::NAMES.into_iter().find(|name| *name == word).map(WordMeaning::Match);
    state.or_else(matching).or(match word {
        "held" => Some(WordMeaning::Held),
        "due" => Some(WordMeaning::Due),
        _ => None,
    })
}

/// Returns the part of a name: names have no word that begins with punctuation.
fn part(text: &str) -> Option<Word> {
    let folded = fold(text);
    let part = folded.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim_end();
    (!part.is_empty()).then(|| Word::Plain(WordMeaning::Part(part.to_owned())))
}

/// Returns the part of a name as a word of a search, in quotes if it would have another meaning. `None` if no search can
/// contain it.
pub(super) fn written(part: &str) -> Option<String> {
    let is_read_back = |text: &str| {
        let meaning = Word::Plain(WordMeaning::Part(part.to_owned()));
        SearchText::parse(text).is_ok_and(|search| search.0.iter().map(|(_, word)| word).eq([&meaning]))
    };
    [part.to_owned(), format!("\"{part}\"")].into_iter().find(|text| is_read_back(text))
}
