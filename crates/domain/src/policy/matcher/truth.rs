//! Three-valued logic.

use std::ops::Not;

use strum::IntoStaticStr;

use crate::named;

/// Result of a condition. Ordered such that `and` is the minimum of its parts and `or` the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ConditionResult {
    /// The condition does not hold.
    False,
    /// A fact that decides the condition is unknown.
    Unknown,
    /// The condition holds.
    True,
}

named!(ConditionResult: name);

impl ConditionResult {
    /// Converts the result of a test; `None` (unknown fact) becomes `Unknown`.
    pub fn from_test(test: Option<bool>) -> Self {
        match test {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Unknown,
        }
    }

    /// Conjunction; true if empty. Stops at the first false part.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::True;
        for part in parts {
            all = all.min(part);
            if all == Self::False {
                break;
            }
        }
        all
    }

    /// Disjunction; false if empty. Stops at the first true part.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::False;
        for part in parts {
            any = any.max(part);
            if any == Self::True {
                break;
            }
        }
        any
    }
}

/// Negation; `Unknown` stays `Unknown`.
impl Not for ConditionResult {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
