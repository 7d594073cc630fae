//! Read-only view of the ports.

use domain::policy::retention::Policy;
use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ports::{Catalogue, Checkpoints, Sessions};

/// Catalogue and its context for read-only use.
#[derive(Clone, Copy)]
pub struct CatalogueReader<'a> {
    /// Entries of the recordings.
    pub catalogue: &'a dyn Catalogue,
    /// Sessions from the audit logs.
    pub sessions: &'a dyn Sessions,
    /// Saved positions and counts.
    pub checkpoints: &'a dyn Checkpoints,
    /// Bastions and their containers.
    pub estate: &'a Estate,
    /// Active retention policy, or `None` if there is none.
    pub policy: Option<&'a Policy>,
    /// Rules that ask for reviews.
    pub reviews: &'a ReviewPolicy,
    /// Time zone of the days in a search.
    pub time_zone: &'a TimeZone,
    /// Current time.
    pub now: Timestamp,
}
