//! Shared by all services: identity, patience, transport and the meaning of failures.

mod access;
mod asked_once;
mod connections;
mod failure;
mod forward;
mod outage;
mod patience;
mod server_date;
mod shared_key;
#[cfg(test)]
mod tests;
mod throttled;
mod time_limit;
mod who;

pub(crate) use access::ServiceOptions;
pub use access::{AccessError, StorageAccess};
pub(crate) use failure::{Failure, ServiceAnswer};
pub use patience::Patience;
pub(crate) use server_date::{ServerDate, date};
