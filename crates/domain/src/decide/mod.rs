//! Decisions: how records change with new information, under the policies.

pub mod access;
pub mod calibration;
pub mod catalogue;
pub mod channel;
pub mod context;
pub mod counting;
pub mod follow;
pub mod habits;
pub mod join;
pub mod posture;
pub mod prior_sessions;
pub mod session;
