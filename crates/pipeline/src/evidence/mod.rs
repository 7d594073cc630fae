//! Exports evidence: writes a bundle with all that is known of some recordings.
//!
//! One pass over the recordings writes their contents into the bundle and one line each into a spool. The ledger is read
//! next, then the other files follow. The same state gives the same bytes: no value depends on the time of the export.

mod audit;
mod audit_index;
mod content;
mod export;
mod facts;
mod lines;
mod sections;
mod selection;
mod wanted;

use std::io;

use thiserror::Error;

use crate::ports::Fault;

pub use export::{EvidenceStep, ExportEvidence, Exported};
pub use selection::{EvidenceSelection, SelectedRecordings};

/// Reason why an export failed. Nothing of the bundle can be used.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A store failed.
    #[error(transparent)]
    Port(#[from] Fault),
    /// The bundle could not be written.
    #[error("failed to write the bundle: {0}")]
    Output(#[from] io::Error),
}
