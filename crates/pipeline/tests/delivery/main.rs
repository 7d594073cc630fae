//! What reaches which channel, when, how often, and what is told together.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod channels;
mod digests;
mod off;
mod post;
mod storms;
