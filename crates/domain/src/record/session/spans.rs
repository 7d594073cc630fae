//! Set of time spans.

use jiff::{SignedDuration, Timestamp};

use super::records::TimeSpan;

/// Spans closer together than this are merged.
const ONE_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// Disjoint time spans in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeSpans(Vec<TimeSpan>);

impl TimeSpans {
    /// Creates a set with one span.
    pub fn from_span(span: TimeSpan) -> Self {
        Self(vec![span])
    }

    /// True if there are no spans.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the spans.
    pub fn iter(&self) -> impl Iterator<Item = TimeSpan> {
        self.0.iter().copied()
    }

    /// True if the time lies in any span.
    pub fn contain(&self, at: Timestamp) -> bool {
        self.0.iter().any(|span| span.holds(at))
    }

    /// True if each of the other spans lies within one of these.
    pub fn hold(&self, others: &Self) -> bool {
        others.0.iter().all(|other| self.0.iter().any(|span| span.holds(other.first) && span.holds(other.last)))
    }

    /// Adds a span.
    pub fn add(&mut self, mut added: TimeSpan) {
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

    /// Adds all spans of another set.
    pub fn merge(&mut self, others: &Self) {
        others.iter().for_each(|span| self.add(span));
    }
}

impl Extend<TimeSpan> for TimeSpans {
    fn extend<I: IntoIterator<Item = TimeSpan>>(&mut self, spans: I) {
        spans.into_iter().for_each(|span| self.add(span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: i64, last: i64) -> TimeSpan {
        TimeSpan { first: Timestamp::constant(first * 60, 0), last: Timestamp::constant(last * 60, 0) }
    }

    #[test]
    fn nearby_spans_merge_in_any_order() {
        let all = [span(0, 10), span(100, 110), span(35, 40), span(80, 81)];
        let mut found = TimeSpans::default();
        found.extend(all);
        let mut other = TimeSpans::default();
        other.extend(all.into_iter().rev());
        assert_eq!(found, other);
        assert_eq!(found.iter().collect::<Vec<_>>(), [span(0, 40), span(80, 110)]);
        assert!(found.hold(&TimeSpans::from_span(span(20, 40))) && !found.hold(&TimeSpans::from_span(span(40, 80))));
    }
}
