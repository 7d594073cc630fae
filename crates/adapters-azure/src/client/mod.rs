//! Shared by all services: identity, patience, transport and the meaning of failures.

mod access;
mod asked_once;
mod connections;
mod failure;
mod forward;
mod heard;
mod outage;
mod patience;
mod shared_key;
#[cfg(test)]
mod tests;
mod throttled;
mod time_limit;
mod who;

pub use access::{Access, AccessError};
pub(crate) use access::{Line, Service};
pub(crate) use failure::{Answer, Failure};
pub(crate) use heard::{Heard, date};
pub use patience::Patience;
