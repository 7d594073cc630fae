//! The management API, with answers written after its published examples.

pub mod api;
mod clock;
mod lifecycle;
mod reading;
mod sessions;
