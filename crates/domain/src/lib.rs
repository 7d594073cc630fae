//! What a recording is and what becomes of it.
//!
//! Pure: no input or output, no clock, no randomness, no async runtime, no SDK. Time arrives as an
//! argument. A decision is a value: the next entry, with the effects the world must still carry out.

pub mod address;
pub mod address_guard;
pub mod blob;
pub mod calibration;
pub mod catalogue;
pub mod channel;
pub mod cloud;
pub mod delivery;
pub mod digest;
pub mod estate;
pub mod gathering;
pub mod hold;
pub mod join;
pub mod ledger;
pub mod matcher;
pub mod notification;
pub mod past;
pub mod person;
pub mod posture;
pub mod recording_id;
pub mod redaction;
pub mod retention;
pub mod route;
pub mod sequencer;
pub mod session;
pub mod tags;
pub mod words;
