//! What does not fit is told shorter, and told all the same.

use super::{Card, Plain, Section};

/// The longest value of a row that is shown in full, in characters.
const LONGEST: usize = 400;
/// The longest values that are tried, one after the other.
const SHORTER: [usize; 3] = [LONGEST, 160, 60];
/// The most rows that are tried, one after the other.
const FEWER: [usize; 9] = [48, 32, 24, 16, 12, 8, 5, 3, 1];
/// The longest summary, as a multiple of the longest value.
const SUMMARY: usize = 2;

/// The message that shows most of the card and still fits: with long values cut, then without the last rows, then with
/// title, summary and buttons alone. The last is taken unasked.
pub(crate) fn fit<T>(card: &Card, render: impl Fn(&Card) -> T, fits: impl Fn(&T) -> bool) -> T {
    let whole = card.keep(FEWER[0]);
    let shortest = card.cut(SHORTER[SHORTER.len() - 1]);
    let shorter = SHORTER.iter().map(|longest| whole.cut(*longest));
    let fewer = FEWER.iter().filter(|most| **most < card.rows()).map(|most| shortest.keep(*most));
    let mut tries = shorter.chain(fewer).map(|card| render(&card));
    tries.find(|message| fits(message)).unwrap_or_else(|| render(&shortest.bare()))
}

impl Card {
    fn cut(&self, longest: usize) -> Self {
        let mut card = self.clone();
        card.title = card.title.cut(longest.min(100));
        card.summary = card.summary.cut(longest * SUMMARY);
        card.footer = card.footer.cut(longest);
        for row in card.sections.iter_mut().flat_map(|section| &mut section.rows) {
            row.label = row.label.cut(longest.min(60));
            row.value = row.value.cut(longest);
        }
        card
    }

    /// The first `most` rows, and how many are missing.
    fn keep(&self, most: usize) -> Self {
        let mut card = self.clone();
        let mut room = most;
        for section in &mut card.sections {
            section.more += section.rows.len().saturating_sub(room) as u64;
            section.rows.truncate(room);
            room -= section.rows.len();
        }
        card
    }

    fn bare(&self) -> Self {
        let more: u64 = self.sections.iter().map(|section| section.more + section.rows.len() as u64).sum();
        let section = Section { more, ..Section::default() };
        Self { sections: Vec::from([section]), footer: Plain::default(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::Severity;

    use super::*;
    use crate::card::Row;

    fn card(rows: usize, length: usize) -> Card {
        let row = Row { label: Plain::of("Machine"), value: Plain::of(&"x".repeat(length)) };
        Card {
            severity: Severity::Info,
            title: Plain::of("Something happened"),
            summary: Plain::of("It happened."),
            sections: vec![Section { rows: vec![row; rows], ..Section::default() }],
            actions: Vec::new(),
            footer: Plain::of("footer"),
        }
    }

    /// Rows, the longest value and how many more, for the first card of at most `most` characters in its values.
    fn fitted(card: &Card, most: usize) -> (usize, usize, u64) {
        let length =
            |card: &Card| card.sections[0].rows.iter().map(|row| row.value.as_str().chars().count()).sum::<usize>();
        let fitted = fit(card, Clone::clone, |card| length(card) <= most && !card.footer.is_empty());
        let longest = fitted.sections[0].rows.iter().map(|row| row.value.as_str().chars().count()).max();
        (fitted.rows(), longest.unwrap_or(0), fitted.sections[0].more)
    }

    #[test]
    fn what_fits_is_shown_whole() {
        assert_eq!(fitted(&card(3, 100), 300), (3, 100, 0));
    }

    #[test]
    fn values_are_cut_before_rows_are_dropped() {
        assert_eq!(fitted(&card(3, 1000), 10_000), (3, 400, 0));
        assert_eq!(fitted(&card(3, 1000), 500), (3, 160, 0));
        assert_eq!(fitted(&card(3, 1000), 300), (3, 60, 0));
        assert_eq!(fitted(&card(3, 1000), 100), (1, 60, 2));
        assert_eq!(fitted(&card(50, 10), 10_000), (48, 10, 2));
        assert_eq!(fitted(&card(50, 10), 100), (8, 10, 42));
    }

    #[test]
    fn where_nothing_fits_the_bare_card_is_left() {
        assert_eq!(fitted(&card(3, 1000), 10), (0, 0, 3));
    }
}
