//! `/health`.

use jiff::Timestamp;
use pipeline::ports::ListRequest;
use pipeline::query::watermark;
use pipeline::summary;
use serde::Serialize;

use crate::summary::day;
use crate::{Api, Body, json};

/// Whether all is well, as far as can be seen from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HealthView<'a> {
    /// The archivist's version.
    pub version: &'a str,
    /// Whether the catalogue can be read. Where it cannot, the answer is a problem instead.
    pub catalogue: CatalogueHealth,
    /// When the newest recording was created; null where there is none, or where only its end was heard of.
    pub newest_recording: Option<Timestamp>,
    /// The bastions, as configured.
    pub bastions: Vec<BastionHealthView<'a>>,
    /// What there is.
    pub counts: CountsView,
}

/// Whether the catalogue can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CatalogueHealth {
    /// It can.
    Reachable,
}

/// How far the audit log of a bastion was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionHealthView<'a> {
    /// The bastion, as configured.
    pub bastion: &'a str,
    /// Up to when everything that stood in its audit log has been read; null where nothing was.
    pub log_read_to: Option<Timestamp>,
    /// When the newest record was written.
    pub newest_record: Option<Timestamp>,
    /// Since when it is known that the log has stopped while recordings go on; null while it goes on.
    pub log_stopped_at: Option<Timestamp>,
}

/// How many there are, as counted last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountsView {
    /// When they were counted; null where they never were.
    pub as_of: Option<Timestamp>,
    /// Recordings that are catalogued.
    pub recordings: u64,
    /// Sessions that were told of.
    pub sessions: u64,
    /// Sessions without a recording.
    pub gaps: u64,
}

pub(crate) async fn health(api: &Api<'_>) -> Body {
    let request = ListRequest { under: None, below: None, from: None, limit: 1 };
    let newest = api.catalogue.list(&request).await?;
    let mut bastions = Vec::new();
    for bastion in &api.estate.bastions {
        let read = watermark(api.checkpoints, &bastion.name).await?.unwrap_or_default();
        bastions.push(BastionHealthView {
            bastion: bastion.name.as_str(),
            log_read_to: read.read_to,
            newest_record: read.newest_record,
            log_stopped_at: read.stopped_at,
        });
    }
    let today = day(api.now);
    let counted = summary::summary(api.checkpoints, today, today).await?;
    let totals = &counted.totals;
    json(&HealthView {
        version: api.version,
        catalogue: CatalogueHealth::Reachable,
        newest_recording: newest.first().and_then(domain::catalogue::Entry::created_at),
        bastions,
        counts: CountsView {
            as_of: counted.as_of,
            recordings: totals.recordings,
            sessions: totals.sessions,
            gaps: totals.gaps,
        },
    })
}
