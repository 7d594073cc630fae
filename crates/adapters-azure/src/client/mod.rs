//! What all services share: who calls, how patiently, over which transport, and what a failure means.

mod access;
mod connections;
mod failure;
mod forward;
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
pub use patience::Patience;
