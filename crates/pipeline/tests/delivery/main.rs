//! Delivery: channels, times, repetitions and digests.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod channels;
mod digests;
mod off;
mod post;
mod storms;
