//! Words of a search and their meanings.

use domain::record::catalogue::RecordingState;
use domain::record::join::Match;
use proptest::prelude::*;

use super::{explained, search};
use crate::query::search::parse::written;
use crate::query::{LONGEST_SEARCH, MOST_SEARCH_WORDS, SearchText};

#[test]
fn every_state_and_match_is_a_word() {
    for name in RecordingState::ALL.map(RecordingState::name) {
        assert_eq!(explained(name), [format!("State: {name}")]);
    }
    for name in Match::NAMES {
        assert_eq!(explained(&name.to_uppercase()), [format!("Session: {name}")]);
    }
    assert_eq!(explained("held due"), ["Under legal hold", "Due: the last day is over"]);
}

#[test]
fn an_id_is_a_word_unless_it_is_quoted() {
    let (id, tunnel) = ("rec_01kjpyph1yv56czgxgxa6hk7hq", "5F0C1C1E-09ab-4def-8123-0123456789ab");
    assert_eq!(
        explained(&format!("{id} rec_…6HK7HQ {tunnel}")),
        [
            format!("Recording: {id}"),
            "Recording: rec_…6hk7hq".to_owned(),
            format!("Session: {}", tunnel.to_lowercase())
        ]
    );
    assert_eq!(explained("\"rec_01kjpy\""), ["Person, machine or name: rec_01kjpy"]);
}

#[test]
fn a_quoted_keyword_is_a_part_of_a_name() {
    assert_eq!(
        explained("\"tue\" \"Held\"due"),
        ["Person, machine or name: tue", "Person, machine or name: held", "Due: the last day is over"]
    );
    assert_eq!(explained("\"vm Web\""), ["Person, machine or name: vm web"]);
    assert_eq!(explained("\"tue"), ["Person, machine or name: tue"], "a quote without an end is punctuation");
}

#[test]
fn punctuation_before_a_word_is_ignored() {
    assert_eq!(
        explained("@corp.example -sql"),
        ["Person, machine or name: corp.example", "Person, machine or name: sql"]
    );
}

#[test]
fn a_search_that_cannot_find_anything_is_an_error() {
    for (text, problem) in [
        ("\"\"", "has a word without a letter or digit"),
        ("anna \" . \"", "has a word without a letter or digit"),
        ("-", "has a word without a letter or digit"),
        (&"a".repeat(LONGEST_SEARCH + 1), "is too long"),
        (&"a ".repeat(MOST_SEARCH_WORDS + 1), "has too many words"),
    ] {
        assert_eq!(SearchText::parse(text).unwrap_err().problem(), problem, "{text}");
    }
    assert!(SearchText::parse(&"a".repeat(LONGEST_SEARCH)).is_ok());
    assert!(SearchText::parse(&"a ".repeat(MOST_SEARCH_WORDS)).is_ok());
    assert_eq!(SearchText::parse(" ").unwrap(), SearchText::default());
}

#[test]
fn a_word_is_removed_or_replaced_without_changing_the_others() {
    let search = search("anna  last tue \"sql 3\"");
    let texts: Vec<_> = search.words().iter().map(|word| word.text.as_str()).collect();
    assert_eq!(texts, ["anna", "last tue", "\"sql 3\""]);
    assert_eq!(search.with(1, ""), "anna \"sql 3\"");
    assert_eq!(search.with(0, "ben"), "ben last tue \"sql 3\"");
}

#[test]
fn a_part_is_written_in_quotes_if_it_would_mean_something_else() {
    for (part, text) in [("anna", "anna"), ("sun", "\"sun\""), ("2026-13", "\"2026-13\""), ("a b", "\"a b\"")] {
        assert_eq!(written(part).as_deref(), Some(text));
    }
    assert_eq!(written("a \" b"), None);
}

proptest! {
    #[test]
    fn any_text_is_a_search_or_an_error_and_reads_back(text in "\\PC{0,40}|[a-z0-9\" .-]{0,40}|(last |this |week |month |rec_|…|tue |\"|2026-|11|w|d|\\.\\.){0,12}") {
        if let Ok(parsed) = SearchText::parse(&text) {
            let now = "2026-11-24T12:00:00Z".parse().unwrap();
            let once = parsed.at(now, &jiff::tz::TimeZone::UTC);
            let again = search(&once.words().iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
            prop_assert_eq!(again, once);
        }
    }
}
