//! Share with its underlying counts.

use std::fmt;

use crate::decide::calibration::ENOUGH;

/// Share with its underlying counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Numerator.
    pub count: u32,
    /// Denominator.
    pub of: u32,
}

impl Share {
    /// Returns the share from 0 to 1. `None` if the denominator is below [`ENOUGH`].
    pub fn known(self) -> Option<f64> {
        (self.of >= ENOUGH).then(|| f64::from(self.count) / f64::from(self.of))
    }
}

/// Formats the share: `3 of 40 (7 %)`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, of } = *self;
        if of < ENOUGH {
            return write!(f, "not known yet: {of} of {ENOUGH} seen");
        }
        match u64::from(count) * 100 / u64::from(of) {
            _ if count == 0 => write!(f, "none of {of}"),
            0 => write!(f, "{count} of {of} (under 1 %)"),
            per_cent => write!(f, "{count} of {of} ({per_cent} %)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_few_is_unknown_and_not_zero() {
        let share = |count, of| Share { count, of };
        assert_eq!((share(0, 19).known(), share(0, 20).known()), (None, Some(0.0)));
        let text =
            [(0, 0), (0, 3), (0, 20), (1, 300), (3, 40), (20, 20)].map(|(count, of)| share(count, of).to_string());
        assert_eq!(
            text,
            [
                "not known yet: 0 of 20 seen",
                "not known yet: 3 of 20 seen",
                "none of 20",
                "1 of 300 (under 1 %)",
                "3 of 40 (7 %)",
                "20 of 20 (100 %)",
            ]
        );
    }
}
