//! Vocabulary rows: words that lead to headings.
//!
//! Like other lasting rows they are written before the entry, and never removed. A row has kind and value of its
//! heading as columns, because a key cannot hold every text.

use pipeline::ports::Heading;

use crate::tables::keys::hash;
use crate::tables::ordered::ordered;
use crate::tables::wire::{Range, Row};

/// Columns to request of a row.
pub(in crate::tables) const COLUMNS: Option<&str> = Some("PartitionKey,RowKey,kind,value");

/// Greater than every byte of a text.
const BEHIND_TEXT: u8 = 0xff;

/// Rows of all words of a heading.
pub(in crate::tables) fn of_heading(heading: &Heading) -> impl Iterator<Item = Row> + '_ {
    let hash = hash(&[heading.kind(), heading.value()]);
    heading.words().into_iter().map(move |word| {
        let row = Row::new(partition(&word), format!("{}_{hash}", ordered(word.as_bytes())));
        row.text("kind", heading.kind()).text("value", heading.value())
    })
}

/// Range of the words that begin with `prefix`.
pub(in crate::tables) fn words(prefix: &str) -> Range {
    let behind = [prefix.as_bytes(), &[BEHIND_TEXT]].concat();
    Range::partition(partition(prefix)).from(ordered(prefix.as_bytes())).before(ordered(&behind))
}

/// Parses the heading of a row.
pub(in crate::tables) fn to_heading(row: &Row) -> Option<Heading> {
    Heading::searched(row.get("kind")?, row.get("value")?)
}

/// Partition of the words that share their first character.
fn partition(word: &str) -> String {
    let first = word.chars().next().map(String::from).unwrap_or_default();
    format!("word_{}", hash(&[&first]))
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
            let (from, before) = (ordered(prefix.as_bytes()), ordered(&[prefix.as_bytes(), &[0xff]].concat()));
            assert!(range.contains(&from) && range.contains(&before), "{range}");
            for heading in &headings {
                let word = heading.words().into_iter().next_back().unwrap();
                let key = row(heading);
                let is_within = from <= key && key < before;
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
        let keys: Vec<_> = rows.iter().map(|row| format!("{} {}", row.partition, row.row)).collect();
        assert_eq!(
            keys,
            [
                "word_3b196fd4907bedf51c3090e9835f2f7c MKtiE4BjQb-_46eeceac980d4b6751b21d1cc63c7eab",
                "word_3f06570064e844bf59aa61d2ffa53428 MqxmQ-_46eeceac980d4b6751b21d1cc63c7eab",
            ]
        );
    }

    /// The service accepts 512 characters.
    #[test]
    fn the_longest_key_is_short_enough() {
        let heading = Heading::Machine(format!("a{}", "\u{1f511}".repeat(1000)));
        assert!(of_heading(&heading).all(|row| row.row.len() <= 512));
    }
}
