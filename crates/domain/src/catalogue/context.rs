//! What a decision depends on besides the lives and the input.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::calibration::WayOfWriting;
use crate::estate::{BastionName, Estate};
use crate::join::Matching;
use crate::person::Privacy;
use crate::retention::Policy;
use crate::route::Routing;

/// The settings that decisions follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How long a content must rest to count as settled.
    pub settle_after: SignedDuration,
    /// How long a recording may be active.
    pub active_at_most: SignedDuration,
    /// When a recording and a session belong together.
    pub matching: Matching,
    /// How long recordings stay. Without it, all stay.
    pub retention: Option<Arc<Policy>>,
    /// Whether contents are hashed for the ledger.
    pub hash_recordings: bool,
    /// How people are shown.
    pub privacy: Privacy,
    /// Whether anybody wants to hear that a recording started.
    pub announce_started: bool,
    /// Which channels hear of what.
    pub routing: Arc<Routing>,
}

/// What holds where nobody says otherwise.
impl Default for Rules {
    fn default() -> Self {
        Self {
            settle_after: SignedDuration::from_mins(5),
            active_at_most: SignedDuration::from_hours(12),
            matching: Matching::default(),
            retention: None,
            hash_recordings: false,
            privacy: Privacy::default(),
            announce_started: false,
            routing: Arc::default(),
        }
    }
}

/// Everything a decision depends on besides the lives and the input.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The time of the decision.
    pub now: Timestamp,
    /// The settings.
    pub rules: &'a Rules,
    /// The bastions we look after.
    pub estate: &'a Estate,
    /// The bastion that records into the blob's container.
    pub bastion: &'a BastionName,
    /// How the bastion writes recordings these days.
    pub writes: WayOfWriting,
}
