//! Use cases of the archivist, and the ports they need.
//!
//! A use case loads entries, lets the domain decide, saves the decision with its effects, carries the effects out and
//! clears them. After a crash, the next delivery or sweep finishes the rest.

mod access;
mod all_checkpoints;
mod apply_audit_records;
mod archivist;
pub mod audit_log;
pub mod body;
mod calibration;
pub mod configuration;
pub mod confirm;
mod contradiction;
pub mod coverage_report;
mod deadline;
mod decisions;
mod deletion_clock;
mod deliver;
mod disposals;
mod effects;
mod entries;
pub mod evidence;
mod far_ahead;
mod follow;
mod hash;
pub mod hold;
mod ingest;
mod join;
pub mod ledger;
mod listings;
pub mod live_sessions;
pub mod message;
mod newest;
mod outcome;
pub mod ports;
pub mod posture;
mod quarantine_input;
pub mod query;
mod reading;
mod reconcile;
mod record;
pub mod recording_review;
pub mod replay;
mod rescue;
pub mod retention;
mod review;
mod save;
pub mod stored;
mod stores;
pub mod summary;
mod sweep;
mod time;
pub mod view;
mod watermark;

pub use archivist::{Archivist, ArchivistSettings};
pub use calibration::{BastionHabits, recording_habits};
pub use deadline::MayGoOn;
pub use deliver::ChannelTrouble;
pub use follow::{FollowRecording, NewestBlobs};
pub use listings::listed_containers;
pub use outcome::{Ignored, Outcome, Swept};
pub use ports::Ports;
pub use reading::CatalogueReader;
pub use reconcile::{ReconcileScope, Reconciled};
pub use rescue::TRIES;
pub use stores::{ADVICE, KnownStores, StrangeStore};

#[cfg(feature = "testing")]
pub mod testing;
