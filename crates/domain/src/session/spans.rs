//! Several stretches of time.

use jiff::{SignedDuration, Timestamp};

use super::records::Span;

/// Stretches that are closer than this are read as one.
const ONE_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// Stretches of time, in rising order and apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// One stretch.
    pub fn of(span: Span) -> Self {
        Self(vec![span])
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The stretches.
    pub fn iter(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// Whether a moment lies within.
    pub fn contain(&self, at: Timestamp) -> bool {
        self.0.iter().any(|span| span.holds(at))
    }

    /// Whether all of the others lies within.
    pub fn hold(&self, others: &Self) -> bool {
        others.0.iter().all(|other| self.0.iter().any(|span| span.holds(other.first) && span.holds(other.last)))
    }

    /// Adds a stretch.
    pub fn add(&mut self, mut added: Span) {
        let reach = |at: Timestamp| at.saturating_add(ONE_WITHIN).unwrap_or(Timestamp::MAX);
        self.0.retain(|span| {
            let is_near = added.first <= reach(span.last) && span.first <= reach(added.last);
            if is_near {
                added = added.with(*span);
            }
            !is_near
        });
        let at = self.0.partition_point(|span| span.first < added.first);
        self.0.insert(at, added);
    }

    /// Adds all of the others.
    pub fn merge(&mut self, others: &Self) {
        others.iter().for_each(|span| self.add(span));
    }
}

impl Extend<Span> for Spans {
    fn extend<I: IntoIterator<Item = Span>>(&mut self, spans: I) {
        spans.into_iter().for_each(|span| self.add(span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: i64, last: i64) -> Span {
        Span { first: Timestamp::constant(first * 60, 0), last: Timestamp::constant(last * 60, 0) }
    }

    #[test]
    fn stretches_that_are_near_become_one_in_any_order() {
        let all = [span(0, 10), span(100, 110), span(35, 40), span(80, 81)];
        let mut found = Spans::default();
        found.extend(all);
        let mut other = Spans::default();
        other.extend(all.into_iter().rev());
        assert_eq!(found, other);
        assert_eq!(found.iter().collect::<Vec<_>>(), [span(0, 40), span(80, 110)]);
        assert!(found.hold(&Spans::of(span(20, 40))) && !found.hold(&Spans::of(span(40, 80))));
    }
}
