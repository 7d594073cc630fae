//! The function app: one module per function, and the protocol of the host that calls them.

pub mod audit_log_landed;
pub mod audit_log_tail;
mod backfill;
pub mod catalogue_page;
pub mod command;
mod config;
mod configured;
pub mod invocation;
pub mod join_sweep;
mod ledger;
pub mod live;
mod local;
mod logs;
pub mod notification_delivery;
mod policy;
pub mod ready;
pub mod reconcile_sweep;
pub mod recording_hash;
pub mod recording_landed;
mod replay;
pub mod retention_sweep;
pub mod router;
pub mod serve;
pub mod settings;
mod start;
mod wiring;
mod work;
