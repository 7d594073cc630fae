//! Outcome of a review: a person watched a recording and says what came of it.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::named;

/// Outcome of a recording without a counted review, in conditions and shown forms.
pub const NO_REVIEW: &str = "none";

/// Outcome of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum ReviewOutcome {
    /// Nothing objectionable.
    Ok,
    /// Something to follow up.
    Finding,
}

named!(ReviewOutcome: ALL, name, parse);
