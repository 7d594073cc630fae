//! Where notifications go: one folder per channel.
//!
//! Every channel makes one attempt at a time and says how it went with a
//! [`domain::delivery::Answer`]; when to try again is not decided here. All outgoing requests go through the
//! one [guarded client](client), and no URL and no secret is seen in an answer, an error or a `Debug` text:
//! the URL of a receiver is often the credential itself. Nothing in this crate logs.

mod card;
mod classify;
pub mod client;
pub mod event_grid;
pub mod off;
pub mod slack;
pub mod stub;
pub mod teams;
pub mod webhook;

pub use card::{BodyError, Page, PageError, PreviewError};

#[cfg(test)]
mod hostile_receivers;
#[cfg(test)]
mod testing;
