//! Settings that every decision takes.

use std::sync::Arc;

use domain::calibration::WayOfWriting;
use domain::catalogue::{Context, Effect, Pending, Rules};
use domain::estate::{BastionName, Estate};
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
        Context { now, rules: &self.rules, estate: &self.estate, bastion, writes: WayOfWriting::Unknown }
    }

    /// Removes new notifications from `decided` if the archivist is quiet. Notifications pending before stay.
    pub(crate) fn suppress_notifications(&self, before: &[Pending], decided: &mut Vec<Pending>) {
        let is_old = |pending: &Pending| before.iter().any(|old| old.effect.id() == pending.effect.id());
        decided.retain(|pending| !self.is_quiet || !matches!(pending.effect, Effect::Notify(_)) || is_old(pending));
    }
}
