//! Public form of the gaps: missing recordings, sessions and logs.

use domain::record::estate::Estate;
use jiff::Timestamp;
use serde::Serialize;

use super::{PageView, SessionPageView};
use crate::query::{BastionGap, Gaps, Silence};

/// All gaps.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapsView<'a> {
    /// Bastions that stopped recording or logging.
    pub bastions: Vec<BastionGapView>,
    /// Sessions without a recording.
    pub sessions: SessionPageView,
    /// Recordings without a session.
    pub recordings: PageView<'a>,
}

/// Bastion that stopped recording or logging.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionGapView {
    /// Bastion name, as configured.
    pub bastion: String,
    /// Part that stopped: `recording` or `audit_log`.
    pub stopped: &'static str,
    /// Creation of the newest recording, or write time of the newest audit record. Null if there never was one.
    pub last: Option<Timestamp>,
}

impl<'a> GapsView<'a> {
    /// Returns the public form of the gaps as of `now`.
    pub fn from_gaps(gaps: &'a Gaps, estate: &Estate, now: Timestamp) -> Self {
        Self {
            bastions: gaps.bastions.iter().map(BastionGapView::from_gap).collect(),
            sessions: SessionPageView::from_page(&gaps.sessions),
            recordings: PageView::from_page(&gaps.recordings, estate, now),
        }
    }
}

impl BastionGapView {
    fn from_gap(gap: &BastionGap) -> Self {
        let stopped = match gap.silence {
            Silence::Recording => "recording",
            Silence::AuditLog => "audit_log",
        };
        Self { bastion: gap.bastion.as_str().to_owned(), stopped, last: gap.last }
    }
}
