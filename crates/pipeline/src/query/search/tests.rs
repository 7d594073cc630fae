//! Tests of the words of a search.

mod days;
mod parts;
mod words;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Search, SearchText};

/// Tuesday.
const NOW: &str = "2026-11-24T12:00:00Z";

fn search_at(text: &str, now: &str, zone: &TimeZone) -> Search {
    SearchText::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .at(now.parse::<Timestamp>().unwrap(), zone)
}

fn search(text: &str) -> Search {
    search_at(text, NOW, &TimeZone::UTC)
}

/// Returns the meaning of each word.
fn explained(text: &str) -> Vec<String> {
    search(text).words().iter().map(super::SearchWord::explained).collect()
}
