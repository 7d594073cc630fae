//! Domain model: recordings, sessions, retention, notifications, and all decisions about them.
//!
//! Pure: no input or output, no clock, no randomness, no async runtime, no SDK. Time is an argument. A decision is a
//! value: the next entry, with the effects still to be carried out.

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
pub mod follow;
pub mod gathering;
pub mod habits;
pub mod hold;
pub mod join;
pub mod ledger;
pub mod matcher;
pub mod names;
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
