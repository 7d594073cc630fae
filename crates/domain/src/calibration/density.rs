//! How likely each offset is.

use super::histogram::Histogram;

/// As many pairs as the prior counts for.
const PRIOR_PAIRS: f64 = 5.0;
/// As many pairs of the days before are taken in at most.
const PAIRS_BEFORE: f64 = 20.0;
/// Offsets that are rarer than this part of the most frequent one may be pairs by chance, and are spread evenly.
const RARE: f64 = 0.03;
/// The most that is spread evenly.
const SPREAD_AT_MOST: f64 = 0.1;
/// Offsets that are at least this part as likely as the most frequent one are usual.
const USUAL: f64 = 0.1;

/// How likely each whole second of an offset is, within the gates. The sum over all of them is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    first: i16,
    values: Vec<f64>,
    peak: f64,
    usual: (i16, i16),
}

impl Density {
    /// From what a day and the days before it have shown, between `first` and `last`, on top of a prior.
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

    /// How likely an offset is, per second. Nothing is likely beyond the gates.
    pub fn of(&self, second: i16) -> f64 {
        let at = usize::try_from(i32::from(second) - i32::from(self.first)).ok();
        at.and_then(|at| self.values.get(at)).copied().unwrap_or_default()
    }

    /// Whether an offset is as usual offsets are.
    pub fn is_usual(&self, second: i16) -> bool {
        self.of(second) >= self.peak * USUAL
    }

    /// The first and the last usual offset.
    pub fn usual(&self) -> (i16, i16) {
        self.usual
    }
}

/// The first and the last offset whose value is at least `least`.
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

/// How far one that was seen is spread, in seconds: the farther, the fewer were seen and the farther they are apart.
fn half_width(seen: &[f64], pairs: f64) -> usize {
    let total: f64 = seen.iter().sum();
    let place_of = |share: f64| {
        let mut sum = 0.0;
        seen.iter().position(|count| {
            sum += count;
            sum >= total * share
        })
    };
    // Two thirds of all lie within twice this.
    let apart = place_of(5.0 / 6.0).unwrap_or_default().abs_diff(place_of(1.0 / 6.0).unwrap_or_default()) / 2;
    // What few pairs show, each of them shows of itself: it must not look usual because of that.
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

/// The same with each count spread over a triangle.
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

/// Shares of 1, of which those that are rare are spread evenly.
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
    fn all_offsets_together_are_certain() {
        for seen in [&[][..], &[(5, 1)], &[(-300, 10), (300, 5)], &[(3, 1000), (200, 4)]] {
            let density = of(seen);
            let total: f64 = (-300..=300).map(|second| density.of(second)).sum();
            assert!((total - 1.0).abs() < 1e-9, "{seen:?}: {total}");
        }
        assert_eq!(of(&[]).of(301), 0.0);
    }

    #[test]
    fn what_was_seen_often_is_usual_and_what_was_seen_once_is_not() {
        let density = of(&[(3, 400), (4, 500), (5, 300), (200, 1)]);
        let (first, last) = density.usual();
        assert!((1..=3).contains(&first) && (5..=7).contains(&last), "{first}..{last}");
        assert!(density.is_usual(4) && !density.is_usual(200));
        assert!(density.of(200) < density.of(4) / 1000.0);
    }

    #[test]
    fn without_any_pair_everything_near_is_usual() {
        let (first, last) = of(&[]).usual();
        // At two minutes it is a tenth of the most, give or take a rounding.
        assert!((-120..=-119).contains(&first) && (119..=120).contains(&last), "{first}..{last}");
    }
}
