//! Splits a stored form over the columns of a row: a property holds 32 Ki UTF-16 units, and a longer form continues
//! in the next one.

use super::wire::Row;

/// Capacity of one property in UTF-16 units: 64 KiB.
const LIMIT: usize = 32 * 1024;

/// Adds the stored form as `doc`, `doc1`, `doc2`, ….
pub(super) fn with_doc(row: Row, doc: &str) -> Row {
    pieces(doc).enumerate().fold(row, |row, (at, piece)| row.text(&column(at), piece))
}

/// Copies the stored form of another row.
pub(super) fn with_doc_of(row: Row, other: &Row) -> Row {
    with_doc(row, &doc(other))
}

/// Joins the stored form of a row.
pub(super) fn doc(row: &Row) -> String {
    (0..).map_while(|at| row.get(&column(at))).collect()
}

fn column(at: usize) -> String {
    if at == 0 { "doc".to_owned() } else { format!("doc{at}") }
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut units = 0;
        let end = text.char_indices().find_map(|(at, character)| {
            units += character.len_utf16();
            (units > LIMIT).then_some(at)
        });
        let (piece, left) = end.map_or((text, None), |at| (&text[..at], Some(&text[at..])));
        rest = left;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> usize {
        let row = with_doc(Row::new("p", "r"), text);
        assert_eq!(doc(&row), text);
        assert!(row.properties.values().all(|value| value.as_str().unwrap().encode_utf16().count() <= LIMIT));
        row.properties.len()
    }

    #[test]
    fn a_short_form_is_one_column() {
        assert_eq!((round_trip(""), round_trip("{}"), round_trip(&"a".repeat(LIMIT))), (1, 1, 1));
    }

    #[test]
    fn a_long_form_is_cut_between_characters() {
        assert_eq!(round_trip(&"a".repeat(LIMIT + 1)), 2);
        // Two units each: the last character of a column does not fit by half.
        assert_eq!(round_trip(&format!("a{}", "\u{1f4bc}".repeat(LIMIT))), 3);
    }
}
