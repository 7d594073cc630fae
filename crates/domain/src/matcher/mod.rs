//! The one small language that says which recordings and events are meant: retention rules and notification routes.
//!
//! A [`Condition`] is asked about [`Facts`] and answers with a [`Truth`]: what is not known is neither true nor false.

mod condition;
mod cover;
mod facts;
mod pattern;
mod plain;
mod range;
mod truth;
mod words;

pub use condition::{Condition, Test};
pub use facts::{Facts, Text};
pub use pattern::{Network, Pattern};
pub use range::{Clocked, Range, Weekdays};
pub use truth::Truth;
pub use words::{Line, lines};
