//! Counts of each hour of a UTC day.

use jiff::Timestamp;

/// How many stood alone, with and without a counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourCounts {
    /// With exactly one counterpart, which had no other either.
    pub with: u32,
    /// Without any.
    pub without: u32,
}

/// Counts of each hour of a UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hours(pub [HourCounts; 24]);

/// The least share that is taken for lost, whatever was counted.
const LEAST: f64 = 0.005;
/// What counts as seen before anything was: this many, all with a counterpart but for one in ten.
const BEFORE: f64 = 4.0;
/// By how many counterparts an hour has to be richer before it speaks for itself.
const OF_AN_HOUR: f64 = 5.0;

impl Hours {
    /// Counts one that stands alone, in the hour of this time.
    pub fn add(&mut self, at: Timestamp, has_counterpart: bool) {
        let hour = &mut self.0[hour(at)];
        let count = if has_counterpart { &mut hour.with } else { &mut hour.without };
        *count = count.saturating_add(1);
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (hour, more) in self.0.iter_mut().zip(&other.0) {
            hour.with = hour.with.saturating_add(more.with);
            hour.without = hour.without.saturating_add(more.without);
        }
    }

    /// All hours together.
    pub fn total(&self) -> HourCounts {
        let add = |sum: HourCounts, hour: &HourCounts| HourCounts {
            with: sum.with.saturating_add(hour.with),
            without: sum.without.saturating_add(hour.without),
        };
        self.0.iter().fold(HourCounts::default(), add)
    }

    /// The share without a counterpart in each hour: that of the day, or that of the hour where it is higher, as in an
    /// outage.
    pub(super) fn shares_without(&self) -> [f64; 24] {
        let day = self.share_without();
        self.0.map(|hour| {
            let of_hour = f64::from(hour.without) / (f64::from(hour.with) + f64::from(hour.without) + OF_AN_HOUR);
            day.max(of_hour)
        })
    }

    /// The share without a counterpart in all hours together, as it is assumed before many were counted.
    pub(super) fn share_without(&self) -> f64 {
        let HourCounts { with, without } = self.total();
        let share = (f64::from(without) + BEFORE / 10.0) / (f64::from(with) + f64::from(without) + BEFORE);
        share.max(LEAST)
    }
}

/// The hour of the UTC day.
pub(crate) fn hour(at: Timestamp) -> usize {
    (at.as_second().rem_euclid(86_400) / 3600) as usize
}
