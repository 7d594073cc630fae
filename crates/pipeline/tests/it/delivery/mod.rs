//! Delivery: channels, times, repetitions and digests.

mod channels;
mod digests;
mod ends;
mod off;
mod post;
mod storms;
