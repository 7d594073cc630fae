//! `/health`: reachability of the catalogue, the newest recording, log progress of each bastion, and counts.

use jiff::Timestamp;
use pipeline::ports::ListRequest;
use pipeline::query::watermark;
use pipeline::summary;
use serde::Serialize;

use crate::summary::day;
use crate::{Api, Body, json};

/// Health of the catalogue and of its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HealthView<'a> {
    /// Version of the archivist.
    pub version: &'a str,
    /// State of the catalogue. If the catalogue cannot be read, the response is a problem instead.
    pub catalogue: CatalogueHealth,
    /// Creation time of the newest recording; null if there is no recording or only its deletion was reported.
    pub newest_recording: Option<Timestamp>,
    /// Configured bastions.
    pub bastions: Vec<BastionHealthView<'a>>,
    /// Number of recordings, sessions and gaps.
    pub counts: CountsView,
}

/// State of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CatalogueHealth {
    /// The catalogue can be read.
    Reachable,
}

/// Progress of reading one bastion's audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BastionHealthView<'a> {
    /// Name of the bastion in the configuration.
    pub bastion: &'a str,
    /// Everything written to the audit log up to this time has been read; null if nothing has been read.
    pub log_read_to: Option<Timestamp>,
    /// Time of the newest audit record.
    pub newest_record: Option<Timestamp>,
    /// Since when the log is known to have stopped while recordings go on; null while the log goes on.
    pub log_stopped_at: Option<Timestamp>,
}

/// Counts of the last count run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountsView {
    /// When the counts were taken; null if they never were.
    pub as_of: Option<Timestamp>,
    /// Recordings in the catalogue.
    pub recordings: u64,
    /// Sessions known from audit records.
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
        newest_recording: newest.first().and_then(domain::record::catalogue::Entry::created_at),
        bastions,
        counts: CountsView {
            as_of: counted.as_of,
            recordings: totals.recordings,
            sessions: totals.sessions,
            gaps: totals.gaps,
        },
    })
}
