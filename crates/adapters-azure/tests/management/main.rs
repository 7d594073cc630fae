//! The management API, with answers written after its published examples.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod api;
mod clock;
mod lifecycle;
mod reading;
mod sessions;
