//! What is missing, as everybody outside sees it.

use domain::estate::Estate;
use jiff::Timestamp;
use serde::Serialize;

use super::{PageView, SessionPageView};
use crate::query::{BastionGap, Gaps, Silence};

/// Everything that is missing.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapsView<'a> {
    /// Bastions that stopped to record, or whose audit log has stopped.
    pub bastions: Vec<BastionGapView>,
    /// Sessions without a recording.
    pub sessions: SessionPageView,
    /// Recordings without a session.
    pub recordings: PageView<'a>,
}

/// A bastion of which something has stopped.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionGapView {
    /// The bastion, as configured.
    pub bastion: String,
    /// What has stopped: `recording` or `audit_log`.
    pub stopped: &'static str,
    /// The last that there was of it: the newest recording's creation, or when the newest record was written. Null where
    /// there never was any.
    pub last: Option<Timestamp>,
}

impl<'a> GapsView<'a> {
    /// The public form of what was found.
    pub fn of(gaps: &'a Gaps, estate: &Estate, now: Timestamp) -> Self {
        Self {
            bastions: gaps.bastions.iter().map(BastionGapView::of).collect(),
            sessions: SessionPageView::of(&gaps.sessions),
            recordings: PageView::of(&gaps.recordings, estate, now),
        }
    }
}

impl BastionGapView {
    fn of(gap: &BastionGap) -> Self {
        let stopped = match gap.silence {
            Silence::Recording => "recording",
            Silence::AuditLog => "audit_log",
        };
        Self { bastion: gap.bastion.as_str().to_owned(), stopped, last: gap.last }
    }
}
