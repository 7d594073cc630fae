//! Notification channels, one folder per channel.
//!
//! A channel makes one attempt and returns a [`domain::record::delivery::ChannelAnswer`]; the caller decides on retries. All outgoing
//! requests go through the [guarded client](client). No URL and no secret appears in an answer, an error or a `Debug`
//! text, because the URL of a receiver is often the credential itself. This crate logs nothing.

mod card;
mod classify;
pub mod client;
pub mod event_grid;
pub mod off;
pub mod slack;
pub mod stub;
pub mod teams;
pub mod webhook;

pub use card::{PageError, PageUrl, PreviewError, UnreadableBody};

#[cfg(test)]
mod hostile_receivers;
#[cfg(test)]
mod testing;
