//! Vocabulary rows: words that lead to headings.
//!
//! They are never removed. A row has kind and value of its heading as columns, because a key cannot hold every text.

use pipeline::ports::Heading;

use super::key;
use crate::tables::keys::{PARTITION, hash};
use crate::tables::ordered::ordered;
use crate::tables::wire::{Range, Row};

/// Columns to request of a row.
pub(in crate::tables) const COLUMNS: Option<&str> = Some("PartitionKey,RowKey,kind,value");

/// List of words.
const WORDS: &str = "word";

/// Greater than every byte of a text.
const BEHIND_TEXT: u8 = 0xff;

/// Rows of all words of a heading.
pub(in crate::tables) fn of_heading(heading: &Heading) -> impl Iterator<Item = Row> + '_ {
    let hash = hash(&[heading.kind(), heading.value()]);
    heading.words().into_iter().map(move |word| {
        let row = Row::new(PARTITION, key(WORDS, &format!("{}_{hash}", ordered(word.as_bytes()))));
        row.text("kind", heading.kind()).text("value", heading.value())
    })
}

/// Range of the words that begin with `prefix`.
pub(in crate::tables) fn words(prefix: &str) -> Range {
    let behind = [prefix.as_bytes(), &[BEHIND_TEXT]].concat();
    let key = |text: &[u8]| key(WORDS, &ordered(text));
    Range::partition(PARTITION).from(key(prefix.as_bytes())).before(key(&behind))
}

/// Parses the heading of a row.
pub(in crate::tables) fn to_heading(row: &Row) -> Option<Heading> {
    Heading::searched(row.get("kind")?, row.get("value")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_the_words_with_its_prefix_only() {
        let texts = ["a", "ab", "abc", "abcd", "ab-c", "abd", "ac", "ab\u{10ffff}", "abé", "ab\u{1f511}"];
        let headings = texts.map(|text| Heading::Machine(text.to_owned()));
        let row = |heading: &Heading| of_heading(heading).last().map(|row| row.row).unwrap();
        for prefix in ["a", "ab", "abc", "abcd", "ab-"] {
            let range = format!("{:?}", words(prefix));
            let (from, before) = [prefix.as_bytes().to_vec(), [prefix.as_bytes(), &[0xff]].concat()]
                .map(|text| key(WORDS, &ordered(&text)))
                .into();
            assert!(range.contains(&from) && range.contains(&before), "{range}");
            for heading in &headings {
                let word = heading.words().into_iter().next_back().unwrap();
                let row = row(heading);
                let is_within = from <= row && row < before;
                assert_eq!(is_within, word.starts_with(prefix), "{prefix:?} and {word:?}");
            }
        }
    }

    /// Every later version reads rows written earlier, so the test spells the keys out.
    #[test]
    fn rows_of_a_heading_lead_back_to_it() {
        let heading = Heading::person("Ann@Corp");
        let rows: Vec<Row> = of_heading(&heading).collect();
        assert!(rows.iter().all(|row| to_heading(row).as_ref() == Some(&heading)));
        let keys: Vec<_> = rows.iter().map(|row| row.row.as_str()).collect();
        assert_eq!(
            keys,
            ["word!MKtiE4BjQb-_46eeceac980d4b6751b21d1cc63c7eab", "word!MqxmQ-_46eeceac980d4b6751b21d1cc63c7eab",]
        );
    }

    /// The service accepts 512 characters.
    #[test]
    fn the_longest_key_is_short_enough() {
        let heading = Heading::Machine(format!("a{}", "\u{1f511}".repeat(1000)));
        assert!(of_heading(&heading).all(|row| row.row.len() <= 512));
    }
}
