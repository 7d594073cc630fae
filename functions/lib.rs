//! The function app: one module per function, their registry, the router, the server, and the protocol of the
//! Functions host.

pub mod audit_log_landed;
pub mod audit_log_tail;
pub mod catalogue_page;
pub mod catalogue_query;
pub mod front_door;
pub mod invocation;
pub mod join_sweep;
pub mod notification_delivery;
pub mod posture_check;
pub mod reconcile_sweep;
pub mod recording_hash;
pub mod recording_landed;
pub mod registry;
pub mod replay;
pub mod resource_changed;
pub mod retention_sweep;
pub mod router;
pub mod serve;
