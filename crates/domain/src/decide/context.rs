//! Inputs of a decision besides the lives and the new input.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::decide::calibration::WayOfWriting;
use crate::policy::join::MatchingRules;
use crate::policy::person::Privacy;
use crate::policy::retention::Policy;
use crate::policy::review::ReviewPolicy;
use crate::policy::route::Routing;
use crate::record::effect::{Effect, Pending};
use crate::record::estate::{BastionName, Estate};

/// Settings for decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Time without writes after which a recording counts as settled.
    pub settle_after: SignedDuration,
    /// Longest time a recording may stay active.
    pub active_at_most: SignedDuration,
    /// Settings for matching recordings with sessions.
    pub matching: MatchingRules,
    /// Retention policy. If `None`, every recording stays.
    pub retention: Option<Arc<Policy>>,
    /// Rules that ask for reviews.
    pub reviews: Arc<ReviewPolicy>,
    /// Hash contents for the ledger.
    pub hash_recordings: bool,
    /// Settings for showing people.
    pub privacy: Privacy,
    /// True if some channel wants the start of recordings.
    pub announce_started: bool,
    /// Routes from events to channels.
    pub routing: Arc<Routing>,
}

/// Defaults of the configuration.
impl Default for Rules {
    fn default() -> Self {
        Self {
            settle_after: SignedDuration::from_mins(5),
            active_at_most: SignedDuration::from_hours(12),
            matching: MatchingRules::default(),
            retention: None,
            reviews: Arc::default(),
            hash_recordings: false,
            privacy: Privacy::default(),
            announce_started: false,
            routing: Arc::default(),
        }
    }
}

/// Inputs of a decision besides the lives and the new input.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Time of the decision.
    pub now: Timestamp,
    /// Settings.
    pub rules: &'a Rules,
    /// The configured bastions.
    pub estate: &'a Estate,
    /// Bastion recording into the blob's container.
    pub bastion: &'a BastionName,
    /// How the bastion currently writes recordings.
    pub writes: WayOfWriting,
    /// True if nothing new is notified, for example while old recordings are catalogued.
    pub is_quiet: bool,
}

/// Removes the new notifications of a quiet archivist. Notifications that were pending `before` stay, and so does the
/// end of a trouble: it goes only to channels that were told of the trouble.
pub(crate) fn suppress_if_quiet(pending: &mut Vec<Pending>, before: &[Pending], context: &Context<'_>) {
    pending.retain(|pending| {
        let Effect::Notify(notification) = &pending.effect else { return true };
        !context.is_quiet || notification.event.resolves().is_some() || !is_new(pending, before)
    });
}

/// Returns true if the effect was not pending `before`.
pub(crate) fn is_new(pending: &Pending, before: &[Pending]) -> bool {
    before.iter().all(|old| old.effect.id() != pending.effect.id())
}
