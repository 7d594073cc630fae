//! Probability density of offsets.

use super::histogram::Histogram;

/// Weight of the prior, in pairs.
const PRIOR_PAIRS: f64 = 5.0;
/// Maximum weight of earlier days, in pairs.
const PAIRS_BEFORE: f64 = 20.0;
/// Offsets rarer than this share of the most frequent one may be chance pairs; their probability is spread evenly.
const RARE: f64 = 0.03;
/// Maximum probability that is spread evenly.
const SPREAD_AT_MOST: f64 = 0.1;
/// Offsets at least this likely relative to the most frequent one are usual.
const USUAL: f64 = 0.1;

/// Probability of each whole second of an offset within the gates. The values sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    first: i16,
    values: Vec<f64>,
    peak: f64,
    usual: (i16, i16),
}

impl Density {
    /// Learns the density between `first` and `last`, in seconds, from a day, the days before it and a prior.
    pub(super) fn learn(
        day: &Histogram,
        before: &Histogram,
        first: i16,
        last: i16,
        prior: impl Fn(i16) -> f64,
    ) -> Self {
        let own = f64::from(day.total());
        let earlier = f64::from(before.total());
        let weight = if earlier > 0.0 { earlier.min(PAIRS_BEFORE) / earlier } else { 0.0 };
        let pairs = own + earlier * weight;
        let mut seen = vec![0.0; width(first, last)];
        for (histogram, weight) in [(day, 1.0), (before, weight)] {
            for (second, times) in histogram.counts().filter(|(second, _)| (first..=last).contains(second)) {
                seen[place(first, second)] += f64::from(times) * weight;
            }
        }
        let seen = without_rare(&smoothed(&seen, half_width(&seen, pairs)));
        let prior: Vec<f64> = (first..=last).map(prior).collect();
        let prior_total: f64 = prior.iter().sum();
        let mixed =
            |(seen, prior): (&f64, &f64)| (seen * pairs + prior / prior_total * PRIOR_PAIRS) / (pairs + PRIOR_PAIRS);
        let values: Vec<f64> = seen.iter().zip(&prior).map(mixed).collect();
        let peak = values.iter().copied().fold(0.0, f64::max);
        let usual = usual(first, &values, peak * USUAL);
        Self { first, values, peak, usual }
    }

    /// Returns the probability of an offset, per second; 0 beyond the gates.
    pub fn at(&self, second: i16) -> f64 {
        let at = usize::try_from(i32::from(second) - i32::from(self.first)).ok();
        at.and_then(|at| self.values.get(at)).copied().unwrap_or_default()
    }

    /// True if the offset is usual.
    pub fn is_usual(&self, second: i16) -> bool {
        self.at(second) >= self.peak * USUAL
    }

    /// Returns the first and the last usual offset, in seconds.
    pub fn usual(&self) -> (i16, i16) {
        self.usual
    }
}

/// Returns the first and the last offset with a value of at least `least`.
fn usual(first: i16, values: &[f64], least: f64) -> (i16, i16) {
    let mut seconds = (first..=i16::MAX).zip(values).filter(|(_, value)| **value >= least).map(|(second, _)| second);
    let from = seconds.next().unwrap_or(first);
    (from, seconds.next_back().unwrap_or(from))
}

fn width(first: i16, last: i16) -> usize {
    place(first, last) + 1
}

fn place(first: i16, second: i16) -> usize {
    usize::try_from(i32::from(second) - i32::from(first)).unwrap_or_default()
}

/// Returns the half-width in seconds over which one observation is smoothed: wider if there are few pairs, or if they
/// lie far apart.
fn half_width(seen: &[f64], pairs: f64) -> usize {
    let total: f64 = seen.iter().sum();
    let place_of = |share: f64| {
        let mut sum = 0.0;
        seen.iter().position(|count| {
            sum += count;
            sum >= total * share
        })
    };
    // Two thirds of all observations lie within twice this distance.
    let apart = place_of(5.0 / 6.0).unwrap_or_default().abs_diff(place_of(1.0 / 6.0).unwrap_or_default()) / 2;
    // With few pairs, each pair raises the density at its own offset; smooth enough that this alone does not make it
    // usual.
    let (tenths, least) = match pairs {
        1000.0.. => (5, 2),
        300.0.. => (7, 3),
        100.0.. => (9, 4),
        30.0.. => (11, 8),
        10.0.. => (14, 16),
        _ => (20, 30),
    };
    (apart * tenths / 10).max(least)
}

/// Spreads each count over a triangle.
fn smoothed(seen: &[f64], half_width: usize) -> Vec<f64> {
    let mut spread = vec![0.0; seen.len()];
    let whole = (half_width * half_width) as f64;
    for (at, count) in seen.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        for distance in 0..half_width {
            let part = count * (half_width - distance) as f64 / whole;
            if let Some(above) = spread.get_mut(at + distance) {
                *above += part;
            }
            if distance > 0
                && let Some(below) = at.checked_sub(distance)
            {
                spread[below] += part;
            }
        }
    }
    spread
}

/// Normalizes to a sum of 1 and spreads the share of rare offsets evenly.
fn without_rare(seen: &[f64]) -> Vec<f64> {
    let total: f64 = seen.iter().sum();
    if total <= 0.0 {
        return vec![0.0; seen.len()];
    }
    let least = seen.iter().copied().fold(0.0, f64::max) * RARE;
    let kept: f64 = seen.iter().filter(|count| **count >= least).sum();
    let spread = (1.0 - kept / total).min(SPREAD_AT_MOST);
    let even = spread / seen.len() as f64;
    let share = |count: &f64| if *count >= least { count / kept * (1.0 - spread) } else { 0.0 };
    seen.iter().map(|count| share(count) + even).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(seen: &[(i16, u32)]) -> Density {
        let mut histogram = Histogram::default();
        for (second, times) in seen {
            histogram.add_many(*second, *times);
        }
        let prior = |second: i16| 1.0 / (1.0 + f64::from(second) * f64::from(second) / 1600.0);
        Density::learn(&histogram, &Histogram::default(), -300, 300, prior)
    }

    #[test]
    fn the_offset_probabilities_sum_to_one() {
        for seen in [&[][..], &[(5, 1)], &[(-300, 10), (300, 5)], &[(3, 1000), (200, 4)]] {
            let density = of(seen);
            let total: f64 = (-300..=300).map(|second| density.at(second)).sum();
            assert!((total - 1.0).abs() < 1e-9, "{seen:?}: {total}");
        }
        assert_eq!(of(&[]).at(301), 0.0);
    }

    #[test]
    fn a_frequent_offset_is_usual_and_a_single_one_is_not() {
        let density = of(&[(3, 400), (4, 500), (5, 300), (200, 1)]);
        let (first, last) = density.usual();
        assert!((1..=3).contains(&first) && (5..=7).contains(&last), "{first}..{last}");
        assert!(density.is_usual(4) && !density.is_usual(200));
        assert!(density.at(200) < density.at(4) / 1000.0);
    }

    #[test]
    fn without_pairs_every_near_offset_is_usual() {
        let (first, last) = of(&[]).usual();
        // At two minutes the prior is a tenth of its peak, except for rounding.
        assert!((-120..=-119).contains(&first) && (119..=120).contains(&last), "{first}..{last}");
    }
}
