//! Aggregates metrics. Sending does not reset the totals.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::names::{MetricKind, MetricName};

/// Maximum number of series; further series are dropped. Names come from the configuration and from constants, so a
/// few hundred are expected.
const MOST_SERIES: usize = 2_000;

/// Attributes of a series.
pub(crate) type Labels = Vec<(&'static str, String)>;

/// All series of the process.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<&'static str, (MetricName, Series)>>);

type Series = BTreeMap<Labels, Point>;

/// Aggregated value of a series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Point {
    Number(f64),
    /// `buckets` has one element more than the metric has bounds.
    Spread {
        buckets: Vec<u64>,
        sum: f64,
        count: u64,
    },
}

impl Metrics {
    /// Adds a value. Blocks only for a concurrent update or snapshot.
    pub fn take(&self, metric: &MetricName, value: f64, labels: &Labels) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(point) = all.get_mut(metric.name).and_then(|(_, series)| series.get_mut(labels)) {
            return point.take(metric.kind, value);
        }
        let known: usize = all.values().map(|(_, series)| series.len()).sum();
        if known < MOST_SERIES {
            let mut point = Point::new(metric.kind);
            point.take(metric.kind, value);
            all.entry(metric.name).or_insert_with(|| (*metric, Series::new())).1.insert(labels.clone(), point);
        }
    }

    /// Returns a copy of all series, by metric.
    pub fn snapshot(&self) -> Vec<(MetricName, Vec<(Labels, Point)>)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = |series: &Series| series.iter().map(|(labels, point)| (labels.clone(), point.clone())).collect();
        all.values().map(|(metric, of)| (*metric, series(of))).collect()
    }
}

impl Point {
    fn new(kind: MetricKind) -> Self {
        match kind {
            MetricKind::Counter | MetricKind::Gauge => Self::Number(0.0),
            MetricKind::Histogram(bounds) => Self::Spread { buckets: vec![0; bounds.len() + 1], sum: 0.0, count: 0 },
        }
    }

    fn take(&mut self, kind: MetricKind, value: f64) {
        match (self, kind) {
            (Self::Number(sum), MetricKind::Counter) => *sum += value,
            (Self::Number(newest), _) => *newest = value,
            (Self::Spread { buckets, sum, count }, MetricKind::Histogram(bounds)) => {
                let at = bounds.iter().position(|bound| value <= *bound).unwrap_or(bounds.len());
                if let Some(bucket) = buckets.get_mut(at) {
                    *bucket += 1;
                }
                *sum += value;
                *count += 1;
            }
            (Self::Spread { .. }, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{GAPS, LAG, OUTCOMES};

    #[test]
    fn sums_gauges_and_histograms_are_aggregated() {
        let metrics = Metrics::default();
        let label = |text: &str| vec![("archivist.outcome", text.to_owned())];
        for (metric, value, text) in [
            (&OUTCOMES, 1.0, "applied"),
            (&OUTCOMES, 2.0, "applied"),
            (&OUTCOMES, 1.0, "ignored"),
            (&GAPS, 5.0, ""),
            (&GAPS, 3.0, ""),
            (&LAG, 1.0, ""),
            (&LAG, 1.5, ""),
            (&LAG, 1e9, ""),
        ] {
            metrics.take(metric, value, &label(text));
        }

        let seen: Vec<_> = metrics.snapshot().into_iter().map(|(metric, points)| (metric.name, points)).collect();
        let mut buckets = vec![0; 13];
        (buckets[0], buckets[1], buckets[12]) = (1, 1, 1);
        let spread = Point::Spread { buckets, sum: 1e9 + 2.5, count: 3 };
        assert_eq!(
            seen,
            [
                ("archivist.event.lag", vec![(label(""), spread)]),
                ("archivist.gaps", vec![(label(""), Point::Number(3.0))]),
                (
                    "archivist.outcomes",
                    vec![(label("applied"), Point::Number(3.0)), (label("ignored"), Point::Number(1.0))]
                ),
            ]
        );
    }

    #[test]
    fn series_beyond_the_limit_are_dropped() {
        let metrics = Metrics::default();
        for _ in 0..2 {
            for number in 0..MOST_SERIES + 10 {
                metrics.take(&OUTCOMES, 1.0, &vec![("archivist.reason", number.to_string())]);
            }
        }
        let (_, points) = metrics.snapshot().remove(0);
        assert_eq!(points.len(), MOST_SERIES);
        assert!(points.iter().all(|(_, point)| *point == Point::Number(2.0)));
    }
}
