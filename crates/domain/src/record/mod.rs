//! Records: the data of the domain, with methods that keep its invariants.
//!
//! Nothing here decides: a record names no rule of [`policy`](crate::policy) and no decision of
//! [`decide`](crate::decide).

pub mod access;
pub mod accessor;
pub mod blob;
pub mod catalogue;
pub mod delivery;
pub mod effect;
pub mod estate;
pub mod hold;
pub mod join;
pub mod join_key;
pub mod ledger;
pub mod notification;
pub mod notification_digest;
pub mod person_name;
pub mod recording_id;
pub mod retention;
pub mod review;
pub mod review_mark;
pub mod sequencer;
pub mod session;
pub mod tags;
