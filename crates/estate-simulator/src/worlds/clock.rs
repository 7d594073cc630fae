//! Clocks with errors.

use random::SplitMix;

use super::plan::{ClockPlan, DAY, FIRST_DAY, HOUR, MINUTE, SECOND};
use super::world::Millis;

/// A clock with its error.
#[derive(Debug, Clone)]
pub(crate) enum SkewedClock {
    Right,
    Drifting { bias: Millis, reach: Millis, period: Millis },
    Stepping { bias: Millis, step: Millis, at: Millis },
    HourOff { error: Millis, from: Millis, to: Millis },
}

impl SkewedClock {
    pub(crate) fn new(plan: ClockPlan, span: Millis, random: &mut SplitMix) -> Self {
        let sign = if random.happens(50) { 1 } else { -1 };
        match plan {
            ClockPlan::Right => Self::Right,
            ClockPlan::Drifting => {
                let (bias, reach) = (random.between(20, 120) * SECOND, random.between(5, 30) * SECOND);
                Self::Drifting { bias: sign * bias, reach, period: random.between(8, 16) * DAY }
            }
            ClockPlan::Stepping => {
                let step = if random.happens(50) { MINUTE } else { -MINUTE };
                let at = FIRST_DAY + span * random.between(40, 60) / 100;
                Self::Stepping { bias: sign * 90 * SECOND, step, at }
            }
            ClockPlan::HourOff => {
                Self::HourOff { error: sign * HOUR, from: FIRST_DAY + span / 3, to: FIRST_DAY + span * 2 / 3 }
            }
        }
    }

    /// Returns the clock's time at a true time.
    pub(crate) fn reads(&self, at: Millis) -> Millis {
        at + match self {
            Self::Right => 0,
            Self::Drifting { bias, reach, period } => bias + triangle(at - FIRST_DAY, *reach, *period),
            Self::Stepping { bias, step, at: stepped } => bias + if at < *stepped { 0 } else { *step },
            Self::HourOff { error, from, to } => {
                if (*from..*to).contains(&at) {
                    *error
                } else {
                    0
                }
            }
        }
    }
}

/// Triangle wave from `-reach` to `reach` and back once per period.
fn triangle(at: Millis, reach: Millis, period: Millis) -> Millis {
    let phase = at.rem_euclid(period) * 4;
    let height = if phase < 2 * period { phase - period } else { 3 * period - phase };
    height * reach / period
}
