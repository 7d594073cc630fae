//! Shortens a card until its message fits the limits of a channel.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::{Card, CardRow, PlainText, Section};

/// Maximum length of an uncut row value, in characters.
const LONGEST: usize = 400;
/// Maximum lengths of values to try, in order.
const SHORTER: [usize; 3] = [LONGEST, 160, 60];
/// Maximum numbers of rows to try, in order.
const FEWER: [usize; 9] = [48, 32, 24, 16, 12, 8, 5, 3, 1];
/// Maximum length of the summary, as a multiple of that of a value.
const SUMMARY: usize = 2;

/// Returns the largest message that fits: first with long values cut, then without the last rows, then with title,
/// summary, next step and buttons alone. The last form is returned without a check.
pub(crate) fn fit<T>(card: &Card, render: impl Fn(&Card) -> T, fits: impl Fn(&T) -> bool) -> T {
    let whole = card.keep(FEWER[0]);
    // Lazy, because most cards fit unchanged.
    let shortest = LazyCell::new(|| card.cut(SHORTER[SHORTER.len() - 1]));
    let shorter = SHORTER.iter().map(|longest| render(&whole.cut(*longest)));
    let fewer = FEWER.iter().filter(|most| **most < card.rows()).map(|most| render(&shortest.keep(*most)));
    shorter.chain(fewer).find(|message| fits(message)).unwrap_or_else(|| render(&shortest.bare()))
}

impl Card {
    fn cut(&self, longest: usize) -> Self {
        let row = |row: &CardRow| CardRow { label: row.label.cut(longest.min(60)), value: row.value.cut(longest) };
        let section = |section: &Section| Section {
            heading: section.heading.as_ref().map(|heading| heading.cut(longest.min(100))),
            rows: section.rows.iter().map(row).collect(),
            more: section.more,
        };
        Self {
            severity: self.severity,
            title: self.title.cut(longest.min(100)),
            summary: self.summary.cut(longest * SUMMARY),
            sections: self.sections.iter().map(section).collect(),
            next: self.next.cut(longest * SUMMARY),
            more: self.more.iter().map(section).collect(),
            actions: self.actions.clone(),
            footer: self.footer.cut(longest),
        }
    }

    /// Keeps the first `most` rows and counts the others in `more`.
    fn keep(&self, most: usize) -> Cow<'_, Self> {
        if self.rows() <= most {
            return Cow::Borrowed(self);
        }
        let mut card = self.clone();
        let mut room = most;
        for section in card.sections.iter_mut().chain(&mut card.more) {
            section.more = section.more.saturating_add(section.rows.len().saturating_sub(room) as u64);
            section.rows.truncate(room);
            room -= section.rows.len();
        }
        Cow::Owned(card)
    }

    fn bare(&self) -> Self {
        let all = self.sections.iter().chain(&self.more);
        let omitted = all.map(|section| section.more.saturating_add(section.rows.len() as u64));
        let more = omitted.fold(0, u64::saturating_add);
        let section = Section { more, ..Section::default() };
        Self { sections: Vec::from([section]), more: Vec::new(), footer: PlainText::default(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use domain::record::notification::Severity;

    use super::*;

    fn card(rows: usize, length: usize) -> Card {
        let row = CardRow { label: PlainText::from_text("Machine"), value: PlainText::from_text(&"x".repeat(length)) };
        Card {
            severity: Severity::Info,
            title: PlainText::from_text("Something happened"),
            summary: PlainText::from_text("It happened."),
            sections: vec![Section { rows: vec![row; rows], ..Section::default() }],
            next: PlainText::from_text("Nothing to do."),
            more: Vec::new(),
            actions: Vec::new(),
            footer: PlainText::from_text("footer"),
        }
    }

    /// Fits a card to at most `most` characters of values. Returns its rows, its longest value and the number of
    /// omitted rows.
    fn fitted(card: &Card, most: usize) -> (usize, usize, u64) {
        let length =
            |card: &Card| card.sections[0].rows.iter().map(|row| row.value.as_str().chars().count()).sum::<usize>();
        let fitted = fit(card, Clone::clone, |card| length(card) <= most && !card.footer.is_empty());
        let longest = fitted.sections[0].rows.iter().map(|row| row.value.as_str().chars().count()).max();
        (fitted.rows(), longest.unwrap_or(0), fitted.sections[0].more)
    }

    #[test]
    fn a_card_within_the_limit_is_complete() {
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
    fn a_tiny_limit_leaves_the_bare_card() {
        assert_eq!(fitted(&card(3, 1000), 10), (0, 0, 3));
    }
}
