//! Integration tests in one binary: the rules of the domain.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod catalogue;
mod join;
mod ledger;
mod posture;
mod reasons;
mod recording_habits;
mod retention;
