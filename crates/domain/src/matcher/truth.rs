//! The three values.

use std::ops::Not;

/// Whether something is so. The order is that of certainty: `and` is the least of its parts, `or` the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not.
    False,
    /// A fact that decides it is not known.
    Unknown,
    /// It is.
    True,
}

impl Truth {
    /// Whether a test of a fact holds. A fact that is not known leaves it open.
    pub fn of(test: Option<bool>) -> Self {
        match test {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Unknown,
        }
    }

    /// Whether all of these are so; true of none. Stops at the first that is not.
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

    /// Whether any of these is so; false of none. Stops at the first that is.
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

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::False => "false",
            Self::Unknown => "unknown",
            Self::True => "true",
        }
    }
}

/// What is unknown stays so.
impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
