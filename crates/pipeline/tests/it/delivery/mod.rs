//! Delivery: channels, times, repetitions and digests.

mod channels;
mod digests;
mod off;
mod post;
mod storms;
