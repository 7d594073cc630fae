//! Settings that every decision takes.

use std::sync::Arc;

use domain::decide::calibration::WayOfWriting;
use domain::decide::context::{Context, Rules};
use domain::record::estate::{BastionName, Estate};
use jiff::Timestamp;

/// Settings that every decision about recordings and sessions takes.
pub struct Decisions {
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
}

impl Decisions {
    /// Builds the context for decisions about this bastion's recordings and sessions. Its way of writing stays unknown;
    /// see [`Calibrations::writes`](crate::calibration::Calibrations::writes).
    pub(crate) fn context<'a>(&'a self, now: Timestamp, bastion: &'a BastionName) -> Context<'a> {
        let Self { rules, estate, is_quiet } = self;
        Context { now, rules, estate, bastion, writes: WayOfWriting::Unknown, is_quiet: *is_quiet }
    }
}
