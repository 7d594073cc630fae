//! Domain model: recordings, sessions, retention, notifications, and all decisions about them.
//!
//! Pure: no input or output, no clock, no randomness, no async runtime, no SDK. Time is an argument. A decision is a
//! value: the next entry, with the effects still to be carried out.

pub mod address;
pub mod address_guard;
pub mod cloud;
pub mod decide;
pub mod digest;
mod folded;
pub mod names;
pub mod past;
pub mod policy;
pub mod record;
pub mod redaction;
pub mod words;
