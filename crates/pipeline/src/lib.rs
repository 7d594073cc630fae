//! The use cases of the archivist, and the ports they need.
//!
//! A use case loads, asks the domain to decide, saves the decision with its effects, carries the effects out
//! and clears them. Whatever crashes in between is finished by the next delivery or sweep.

mod archivist;
mod attend;
pub mod audit_log;
pub mod body;
mod carry_out;
pub mod configuration;
mod deliver;
mod hash;
pub mod hold;
mod ingest;
mod join;
pub mod ledger;
pub mod message;
mod outcome;
pub mod ports;
pub mod posture;
pub mod query;
mod reading;
mod reconcile;
mod record;
pub mod replay;
mod rescue;
pub mod retention;
mod review;
mod set_aside;
pub mod stored;
pub mod summary;
mod sweep;
pub mod view;
mod write_tags;

pub use archivist::{Archivist, MayGoOn, Ports, Settings};
pub use outcome::{Ignored, Outcome};
pub use reading::Reading;
pub use reconcile::{Reconciled, Scope};
pub use rescue::TRIES;
pub use sweep::Swept;

#[cfg(feature = "testing")]
pub mod testing;
