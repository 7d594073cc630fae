//! Counts per hour of a UTC day.

use jiff::Timestamp;

/// Recordings or sessions without rivals, with and without a counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourCounts {
    /// Those with exactly one counterpart, which has no other counterpart either.
    pub with: u32,
    /// Those without a counterpart.
    pub without: u32,
}

/// Counts per hour of a UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hours(pub [HourCounts; 24]);

/// Minimum share that is assumed to lack a counterpart, whatever was counted.
const LEAST: f64 = 0.005;
/// Weight of the prior, in observations; one in ten of them lacks a counterpart.
const BEFORE: f64 = 4.0;
/// Observations with a counterpart added to each hour, so a few losses do not dominate it.
const OF_AN_HOUR: f64 = 5.0;

impl Hours {
    /// Counts a recording or session without rivals in the hour of `at`.
    pub fn add(&mut self, at: Timestamp, has_counterpart: bool) {
        let hour = &mut self.0[hour(at)];
        let count = if has_counterpart { &mut hour.with } else { &mut hour.without };
        *count = count.saturating_add(1);
    }

    /// Adds the counts of another part of the day.
    pub fn merge(&mut self, other: &Self) {
        for (hour, more) in self.0.iter_mut().zip(&other.0) {
            hour.with = hour.with.saturating_add(more.with);
            hour.without = hour.without.saturating_add(more.without);
        }
    }

    /// Returns the sum over all hours.
    pub fn total(&self) -> HourCounts {
        let add = |sum: HourCounts, hour: &HourCounts| HourCounts {
            with: sum.with.saturating_add(hour.with),
            without: sum.without.saturating_add(hour.without),
        };
        self.0.iter().fold(HourCounts::default(), add)
    }

    /// Returns the share without a counterpart for each hour: the share of the day, or that of the hour if higher, as
    /// in an outage.
    pub(super) fn shares_without(&self) -> [f64; 24] {
        let day = self.share_without();
        self.0.map(|hour| {
            let of_hour = f64::from(hour.without) / (f64::from(hour.with) + f64::from(hour.without) + OF_AN_HOUR);
            day.max(of_hour)
        })
    }

    /// Returns the share of the day without a counterpart, including the prior.
    pub(crate) fn share_without(&self) -> f64 {
        let HourCounts { with, without } = self.total();
        let share = (f64::from(without) + BEFORE / 10.0) / (f64::from(with) + f64::from(without) + BEFORE);
        share.max(LEAST)
    }
}

/// Returns the hour of the UTC day, 0 to 23.
pub(crate) fn hour(at: Timestamp) -> usize {
    (at.as_second().rem_euclid(86_400) / 3600) as usize
}
