//! Condition language that selects recordings and events, for retention rules and notification routes.
//!
//! A [`Condition`] is evaluated on [`Facts`] and yields a [`ConditionResult`]: a condition on an unknown fact is neither true nor
//! false.

mod condition;
mod cover;
mod facts;
mod pattern;
mod plain;
mod range;
mod truth;
mod words;

pub use condition::{Condition, Test};
pub use facts::{Facts, TextFact};
pub use pattern::{Network, Pattern};
pub use range::{Clocked, Range, Weekdays};
pub use truth::ConditionResult;
pub use words::{MatcherLine, lines};
